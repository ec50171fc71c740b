import { actionsIn, pageOf } from './notification-actions';

const url = '?pagetype=entityrecord&etn=opportunity&id=11111111-0000-4000-8000-000000000001';
const data = (more: object): string =>
  JSON.stringify({ actions: [{ title: 'Open the record', data: { url, ...more } }] });
const query = { pagetype: 'entityrecord', etn: 'opportunity', id: '11111111-0000-4000-8000-000000000001' };

test.each([
  ['in the page itself when nothing else is said', {}, false],
  ['in the page itself', { navigationTarget: 'inline' }, false],
  ['in a window of its own', { navigationTarget: 'newWindow' }, true],
])('a notification leads to its record %s', (_where, more, ownWindow) => {
  const actions = actionsIn(data(more));
  expect(actions.map(({ title }) => title)).toEqual(['Open the record']);
  expect(actions.map(pageOf)).toEqual([{ query, ownWindow }]);
});

test('a notification without data offers nothing to do', () => {
  expect([null, undefined, '', '{}'].map(actionsIn)).toEqual([[], [], [], []]);
});

test.each([
  ['a side dialog', { navigationTarget: 'dialog' }, 'target dialog'],
  ['an address outside of the app', { url: 'https://other.example/' }, 'leads to https://other.example/'],
])('%s is refused by name', (_what, more, message) => {
  expect(() => actionsIn(data(more)).map(pageOf)).toThrow(message);
});

test('data that is no JSON is the sender’s fault and is said', () => {
  expect(() => actionsIn('{"actions":')).toThrow(SyntaxError);
});
