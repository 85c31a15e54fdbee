/** The screens of the flashcards. */
import type { CardDocument, ServedCard } from "../../cards.d.ts";
import type { Choice } from "../decks.ts";
import type { Learner } from "../learner.ts";
import type { Moment } from "../schedule.ts";
import type { Session } from "../session.ts";
import { Browse, type BrowseActions, type Find } from "./browse.tsx";
import { Decks, type DecksActions } from "./decks.tsx";
import { Review, type ReviewActions } from "./review.tsx";

export type Screen =
  | { readonly name: "decks" }
  | { readonly name: "review"; readonly session: Session }
  | { readonly name: "browse"; readonly find: Find };

export interface Actions extends DecksActions, ReviewActions, BrowseActions {
  toDecks(): void;
}

interface Props {
  readonly bank: CardDocument;
  readonly learner: Learner;
  readonly now: Moment;
  readonly choice: Choice;
  readonly screen: Screen;
  readonly found: (words: string) => readonly ServedCard[];
  readonly notice: string | null;
  readonly said: string;
  readonly shortcuts: boolean;
  readonly actions: Actions;
}

export function App({ screen, ...props }: Props) {
  return (
    <div class="mlacourse-quiz mlacourse-cards">
      {props.notice && <p class="mq-notice">{props.notice}</p>}
      {screen.name === "decks"
        ? <Decks {...props} />
        : screen.name === "review"
        ? <Review {...props} session={screen.session} />
        : <Browse {...props} find={screen.find} />}
      <p class="mc-said" role="status">{props.said}</p>
    </div>
  );
}
