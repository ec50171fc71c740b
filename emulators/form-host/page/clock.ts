/**
 * The page's clock is the emulators' clock: code components use `new Date()`, so Date itself is told
 * the time. Timers stay the browser's.
 */
const RealDate = Date;
let offset = 0;
let frozen: number | null = null;
let installed = false;

export function setClock(now: number, runs: boolean): void {
  offset = now - RealDate.now();
  frozen = runs ? null : now;
  // A clock that agrees with the machine's needs no replacement.
  if (installed || (runs && Math.abs(offset) < 2000)) return;
  installed = true;
  const current = (): number => frozen ?? RealDate.now() + offset;
  window.Date = new Proxy(RealDate, {
    construct: (target, given: unknown[]) =>
      (given.length === 0 ? new target(current()) : Reflect.construct(target, given)) as object,
    apply: () => new RealDate(current()).toString(),
    get: (target, key, receiver): unknown => (key === 'now' ? current : Reflect.get(target, key, receiver)),
  });
}
