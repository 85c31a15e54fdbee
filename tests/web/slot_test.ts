import { deepStrictEqual } from "node:assert/strict";
import { KEY } from "../../web/src/log/log.ts";
import { openSlot, SLOT, type Slot } from "../../web/src/log/slot.ts";
import { deleteAll } from "../../web/src/log/storage.ts";
import { SharedStorage } from "./storages.ts";

/** Tabs that share a storage; a living tab hears what the others write. */
class Browser extends SharedStorage {
  open(tab: string): Slot {
    return openSlot({
      storage: () => this.as(tab),
      tab,
      wait: () => Promise.resolve(),
      onForeignWrite: (listener) => this.listen(tab, listener),
    });
  }
}

Deno.test("a second tab is told that the first has the exam, and cannot overwrite it", async () => {
  const browser = new Browser();
  const [one, two] = [browser.open("one"), browser.open("two")];
  deepStrictEqual(one.save({ answers: 1 }), "saved");
  deepStrictEqual(await two.claim(), false);
  deepStrictEqual(two.save({ answers: 0 }), "taken");
  deepStrictEqual(two.read(), { answers: 1 });
});

Deno.test("a tab that takes the exam over has it alone", () => {
  const browser = new Browser();
  const [one, two] = [browser.open("one"), browser.open("two")];
  let told = 0;
  one.subscribe(() => told++);
  one.save({ answers: 1 });
  two.take();
  deepStrictEqual([one.isMine(), two.isMine(), told > 0], [false, true, true]);
  deepStrictEqual([one.save({ answers: 9 }), two.save({ answers: 2 })], ["taken", "saved"]);
  one.clear();
  deepStrictEqual(one.read(), { answers: 2 });
});

Deno.test("the exam of a tab that was killed is taken without a question", async () => {
  const browser = new Browser();
  browser.open("one").save({ answers: 1 });
  browser.close("one");
  const two = browser.open("two");
  deepStrictEqual(await two.claim(), true);
  deepStrictEqual([two.read(), two.save({ answers: 2 })], [{ answers: 1 }, "saved"]);
});

Deno.test("a tab that is left lets the next one have it at once", async () => {
  const browser = new Browser();
  const one = browser.open("one");
  one.save({ answers: 1 });
  one.release();
  deepStrictEqual(await browser.open("two").claim(), true);
});

Deno.test("an exam that cannot be gone on with is put away, not deleted", () => {
  const browser = new Browser();
  const one = browser.open("one");
  one.save({ strange: true });
  const before = browser.content.get(SLOT);
  one.setAside();
  deepStrictEqual([one.read(), browser.content.get(`${SLOT}.unreadable`)], [null, before]);
});

Deno.test("a storage that refuses is told, and what cannot be read counts as nothing", () => {
  const browser = new Browser();
  const one = browser.open("one");
  for (const broken of ["{", "7", "null", '{"owner": 1}']) {
    browser.content.set(SLOT, broken);
    deepStrictEqual(one.read(), null);
  }
  browser.room = 0;
  deepStrictEqual(one.save({ answers: 1 }), "refused");
});

Deno.test("an exam that the learner deletes in another tab is not stored again", () => {
  const browser = new Browser();
  const one = browser.open("one");
  one.save({ answers: 1 });
  deleteAll(browser.as("another"), KEY);
  deepStrictEqual([one.isMine(), one.read()], [false, null]);
  one.save({ answers: 2 });
  deepStrictEqual(one.read(), { answers: 2 });
});

Deno.test("an exam that was deleted while its tab slept is not stored again", () => {
  const browser = new Browser();
  const one = browser.open("one");
  one.save({ answers: 1 });
  browser.content.clear();
  deepStrictEqual([one.save({ answers: 2 }), one.read()], ["taken", null]);
});

Deno.test("an exam that could not be stored goes on in its tab", () => {
  const browser = new Browser();
  const one = browser.open("one");
  browser.room = 0;
  deepStrictEqual([one.save({ answers: 1 }), one.save({ answers: 2 })], ["refused", "refused"]);
  browser.room = Infinity;
  deepStrictEqual([one.save({ answers: 3 }), one.isMine()], ["saved", true]);
});
