/**
 * One door to the comparison helpers.
 *
 * Everything that decides whether two values are the same goes through here, so that form, worker and CLI
 * never disagree about a difference. Pure; no I/O, no clock, no locale.
 */
export { addMark, marks, normaliseText, sameText, stripMark, unescapeHtml, type Mark, type MarkedName } from './text';
export { normaliseDecimal, roundDecimal, sameDecimal, sameMoney } from './decimal';
export { compareInstants, dayFromInstant, instantFromDay, isDay, sameDay, secondsBetween } from './instant';
export {
  isGuid,
  memberKey,
  membersByKey,
  personKey,
  sameCustomer,
  sameMember,
  samePerson,
  sameSet,
  sameSolution,
  solutionKey,
  type SetKind,
  type SetMembers,
} from './members';
