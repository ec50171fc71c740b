/** What the tests of this control take from the kit, and its texts by key. Tests only. */
import { textsOf } from '../../kit/testing';

export { contextOf, enumProperty, numberProperty, renderControl, textProperty, textsOf } from '../../kit/testing';

export const textOf = (key: string, language = 1033): string => textsOf('solution-picker', language)[key] ?? key;
