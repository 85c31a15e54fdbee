import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { advance, startClock, unseenBefore } from "../../web/src/exam/clock.ts";
import { remaining, tick } from "../../web/src/exam/model.ts";
import { bank, NOW, sitting } from "./exam_factories.ts";

const MINUTE = 60_000;

Deno.test("under any jumps of the clock and any reloads the remaining time never grows", () => {
  const step = fc.record({
    wall: fc.integer({ min: -5 * 3600_000, max: 5 * 3600_000 }),
    ran: fc.nat(5 * MINUTE),
    reload: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    let now = sitting(bank(1));
    let [wall, steady] = [NOW, 0];
    let clock = startClock(null, { wall, steady });
    let left = remaining(now, clock.now)!;
    for (const { wall: jump, ran, reload } of steps) {
      wall += ran + jump;
      steady = reload ? 0 : steady + ran;
      if (reload) clock = startClock(now.seen, { wall, steady });
      const passed = advance(clock, { wall, steady });
      clock = passed.clock;
      now = tick(now, clock.now, passed.unseen);
      const next = remaining(now, clock.now)!;
      ok(next <= left, `${left} ms became ${next} ms`);
      if (!reload) ok(left - next >= Math.min(ran, left), "time that ran is gone, whatever the clock says");
      left = next;
    }
  }));
});

Deno.test("a clock that is set back does not stop the time", () => {
  const clock = startClock(null, { wall: NOW, steady: 0 });
  const { clock: later, unseen } = advance(clock, { wall: NOW - 60 * MINUTE, steady: 1000 });
  deepStrictEqual([later.now - NOW, unseen], [1000, 0]);
});

Deno.test("a jump forward counts as elapsed and is reported", () => {
  const clock = startClock(null, { wall: NOW, steady: 0 });
  const { clock: later, unseen } = advance(clock, { wall: NOW + 10 * MINUTE, steady: 1000 });
  deepStrictEqual([later.now - NOW, unseen], [10 * MINUTE, 10 * MINUTE]);
});

Deno.test("a page that was asleep reports it, a hidden page with slow timers does not", () => {
  const clock = startClock(null, { wall: NOW, steady: 0 });
  deepStrictEqual(advance(clock, { wall: NOW + MINUTE, steady: MINUTE }).unseen, 0);
  deepStrictEqual(advance(clock, { wall: NOW + 30 * MINUTE, steady: 30 * MINUTE }).unseen, 30 * MINUTE);
});

Deno.test("a page that was closed for long reports it", () => {
  const clock = startClock(NOW, { wall: NOW + 20 * MINUTE, steady: 0 });
  deepStrictEqual(unseenBefore(NOW, clock), 20 * MINUTE);
  deepStrictEqual(unseenBefore(NOW, startClock(NOW, { wall: NOW + 5000, steady: 0 })), 0);
});

Deno.test("a page that is opened under an earlier clock goes on from the last instant stored", () => {
  deepStrictEqual(startClock(NOW, { wall: NOW - 60 * MINUTE, steady: 0 }).now, NOW);
});
