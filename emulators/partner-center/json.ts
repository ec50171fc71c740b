/**
 * Copy and comparison of JSON values. Not structuredClone and isDeepStrictEqual: those care about
 * prototypes, which differ between a test's realm and Node's own.
 */
export function copyOf<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every(
    (name) =>
      Object.hasOwn(right, name) &&
      sameJson((left as Record<string, unknown>)[name], (right as Record<string, unknown>)[name]),
  );
}
