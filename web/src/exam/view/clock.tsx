/** The time that remains: seconds to look at, a sentence now and then to hear. */
import { Component } from "preact";
import { announcement, clockFace } from "../words.ts";

interface Props {
  /** Milliseconds that remain, asked for once a second. */
  readonly remaining: () => number;
}

interface State {
  readonly left: number;
  readonly said: string;
}

export class Clock extends Component<Props, State> {
  override state: State = { left: this.props.remaining(), said: "" };
  private timer: ReturnType<typeof setInterval> | undefined;
  private minute = Math.ceil(this.state.left / 60_000);

  override componentDidMount(): void {
    this.timer = setInterval(() => this.look(), 1000);
  }

  override componentWillUnmount(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const left = this.props.remaining();
    const minute = Math.ceil(left / 60_000);
    const said = minute === this.minute ? this.state.said : announcement(left) ?? "";
    this.minute = minute;
    this.setState({ left, said });
  }

  override render() {
    const { left, said } = this.state;
    return (
      <div class="mx-clock" data-short={left < 300_000}>
        <span role="timer" aria-label="Time left">{clockFace(left)}</span>
        <span class="mq-hidden" role="status">{said || null}</span>
      </div>
    );
  }
}
