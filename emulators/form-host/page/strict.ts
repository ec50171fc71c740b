/**
 * Objects whose unmodelled members throw by name, so that a script that leans on something the host
 * does not have is told so at once instead of running into `undefined`.
 */
const silent = new Set<PropertyKey>([
  'then',
  'toJSON',
  '$$typeof',
  'constructor',
  'nodeType',
  'asymmetricMatch',
  '@@__IMMUTABLE_ITERABLE__@@',
  '@@__IMMUTABLE_RECORD__@@',
]);

/** `optional`: members that a caller may test for and find absent. */
export function strict<T extends object>(name: string, target: T, optional: readonly string[] = []): T {
  return new Proxy(target, {
    get(object, key, receiver): unknown {
      if (key in object || typeof key === 'symbol' || silent.has(key) || optional.includes(String(key))) {
        return Reflect.get(object, key, receiver);
      }
      throw new NotModelled(`${name}.${String(key)}`);
    },
  });
}

export class NotModelled extends Error {
  constructor(what: string) {
    super(`The form host does not model ${what}`);
    this.name = 'NotModelled';
  }
}
