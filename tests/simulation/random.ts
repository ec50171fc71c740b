/**
 * Chance that can be repeated: streams of numbers from a seed, and numbers that belong to a name.
 *
 * A number by name does not move when something else is left out, so a shortened history stays close to the one that
 * it was cut from. Nothing of the simulation may ask the machine for chance.
 */

/** [0, 1), the same for the same seed (mulberry32). */
export type Random = () => number;

export function randomFrom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** FNV-1a over a text, going on from a former value. */
export function hash(text: string, from = 0x811c9dc5): number {
  let value = from;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}

/** The number of a name within a seed. */
export function numberOf(seed: number, name: string): number {
  return randomFrom(hash(name, (seed ^ 0x9e3779b9) >>> 0))();
}

export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[below(random, list.length)] as T;
}

/** One of the names, by weight. */
export function weighted<Name extends string>(random: Random, weights: Readonly<Record<Name, number>>): Name {
  const entries = Object.entries(weights) as [Name, number][];
  let left = random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) if ((left -= weight) < 0) return name;
  return (entries.at(-1) as [Name, number])[0];
}

/** New GUIDs of one seed. */
export function guidsFrom(seed: number): () => string {
  const random = randomFrom(seed);
  const part = (): string => below(random, 0x1_0000).toString(16).padStart(4, '0');
  return () => {
    const [a, b, c, d, e, f, g, h] = Array.from({ length: 8 }, part) as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    return `${a}${b}-${c}-4${d.slice(1)}-a${e.slice(1)}-${f}${g}${h}`;
  };
}
