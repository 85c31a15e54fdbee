/** A list that shows its beginning, and the rest on request. */
import { Component, type ComponentChild, createRef } from "preact";

interface Props<Item> {
  readonly items: readonly Item[];
  /** How many are shown at first. */
  readonly most: number;
  readonly name: string;
  readonly item: (item: Item) => ComponentChild;
}

interface State {
  readonly whole: boolean;
}

export class Cut<Item> extends Component<Props<Item>, State> {
  override state: State = { whole: false };
  private readonly list = createRef<HTMLUListElement>();

  /** The button that asked for the rest is gone: the focus goes to the first of what it brought. */
  override componentDidUpdate(_: Props<Item>, before: State): void {
    if (before.whole || !this.state.whole) return;
    this.list.current?.children[this.props.most]?.querySelector<HTMLElement>("summary, a, button")?.focus();
  }

  override render() {
    const { items, most, name, item } = this.props;
    const rest = this.state.whole ? 0 : Math.max(0, items.length - most);
    return (
      <>
        <ul class={name} ref={this.list}>{items.slice(0, items.length - rest).map(item)}</ul>
        {rest > 0 && (
          <button
            type="button"
            class="mq-button mx-small mm-rest"
            onClick={() => this.setState({ whole: true })}
          >
            Show the other {rest}
          </button>
        )}
      </>
    );
  }
}
