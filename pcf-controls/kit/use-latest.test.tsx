/** @jest-environment jsdom */
import * as React from 'react';
import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLatest } from './use-latest';

interface Pending {
  readonly key: string;
  readonly signal: AbortSignal;
  answer(value: string): Promise<void>;
  fail(error: Error): Promise<void>;
}

/** A view whose reads are answered by the test, in any order. */
function setUp() {
  const asked: Pending[] = [];
  const read = (key: string) => (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      const settled = (settle: () => void) => act(async () => settle());
      asked.push({
        key,
        signal,
        answer: (value) => settled(() => resolve(value)),
        fail: (error) => settled(() => reject(error)),
      });
    });
  function View({ asks }: { readonly asks: string | null }) {
    const { state, value, error, retry } = useLatest(asks, read(asks ?? ''));
    return (
      <button onClick={retry}>
        {state}:{value}:{error instanceof Error ? error.message : ''}
      </button>
    );
  }
  const view = render(<View asks="a" />);
  return { asked, ask: (key: string | null) => view.rerender(<View asks={key} />), leave: () => view.unmount() };
}

const shown = () => screen.getByRole('button').textContent;

test('an answer is shown', async () => {
  const { asked } = setUp();
  expect(shown()).toBe('loading::');
  await asked[0]?.answer('A');
  expect(shown()).toBe('done:A:');
});

test('a late answer to an older question is dropped', async () => {
  const { asked, ask } = setUp();
  ask('b');
  await asked[1]?.answer('B');
  await asked[0]?.answer('A');
  expect(shown()).toBe('done:B:');
  expect([asked[0]?.signal.aborted, asked[1]?.signal.aborted]).toEqual([true, false]);
});

test('the last answer stays while the next one is on its way', async () => {
  const { asked, ask } = setUp();
  await asked[0]?.answer('A');
  ask('b');
  expect(shown()).toBe('loading:A:');
});

test('the same question is not asked twice by drawing the view again', () => {
  const { asked, ask } = setUp();
  ask('a');
  ask('a');
  expect(asked).toHaveLength(1);
});

test('a failure is shown, and trying again asks the same question', async () => {
  const { asked } = setUp();
  await asked[0]?.fail(new Error('no'));
  expect(shown()).toBe('failed::no');
  await act(async () => userEvent.click(screen.getByRole('button')));
  await asked[1]?.answer('A');
  expect(asked.map(({ key }) => key)).toEqual(['a', 'a']);
  expect(shown()).toBe('done:A:');
});

test('no question leaves nothing on the screen and stops the one under way', async () => {
  const { asked, ask } = setUp();
  ask(null);
  await asked[0]?.answer('A');
  expect(shown()).toBe('idle::');
});

test('a view that goes away stops its question', () => {
  const { asked, leave } = setUp();
  leave();
  expect(asked[0]?.signal.aborted).toBe(true);
});
