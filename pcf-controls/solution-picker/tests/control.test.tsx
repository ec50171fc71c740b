/** @jest-environment jsdom */
import { act, fireEvent, screen, within } from '@testing-library/react';
import { formatSolutionDraft } from '../../../domain/solution-draft';
import { contextOf, enumProperty, numberProperty, renderControl, textOf, textProperty, textsOf } from './harness';
import { SolutionPicker } from '../SolutionPicker';
import type { IInputs } from '../SolutionPicker/generated/ManifestTypes';
import { solutionId } from './fake-dataverse';

type WebApi = ComponentFramework.WebApi;
const record = '{11111111-0000-4000-8000-000000000001}';

interface Setting {
  readonly recordId?: string;
  readonly draft?: string;
  readonly count?: number;
  readonly language?: number;
  readonly readable?: boolean;
  readonly editable?: boolean;
  readonly disabled?: boolean;
  readonly visible?: boolean;
  readonly maxItems?: number;
  readonly webAPI?: Partial<WebApi>;
}

function contextFor(setting: Setting) {
  const { language = 1033, readable = true, editable = true } = setting;
  const context = contextOf<IInputs>({
    parameters: {
      selectionDraft: textProperty(setting.draft ?? null, { readable, editable }),
      solutionCount: numberProperty(setting.count ?? null, { editable }),
      recordId: textProperty(setting.recordId ?? null),
      maxItems: numberProperty(setting.maxItems ?? 50),
      kindFilter: enumProperty('all'),
    },
    texts: textsOf('solution-picker', language),
    languageId: language,
    disabled: setting.disabled ?? false,
    visible: setting.visible ?? true,
    webAPI: setting.webAPI ?? {},
  });
  Object.defineProperty(context.userSettings, 'numberFormattingInfo', {
    value: {
      numberDecimalSeparator: language === 1033 ? '.' : ',',
      numberGroupSeparator: language === 1033 ? ',' : '\u00a0',
    },
  });
  return context;
}

const json = (number: number, more: object = {}) => ({
  cosell_solutionid: solutionId(number),
  cosell_name: `Solution ${String(number)}`,
  cosell_solutiontype: 'Name',
  cosell_publishername: 'Contoso',
  cosell_active: true,
  ...more,
});
const rowJson = (number: number, more: object = {}) => ({
  cosell_opportunitysolutionid: `row-${String(number)}`,
  _cosell_solutionid_value: solutionId(number),
  cosell_price: 1234.5,
  cosell_quantity: null,
  cosell_solutionid: json(number),
  ...more,
});

/** A catalogue and rows behind context.webAPI; `asked` holds the filter texts of the searches. */
function server(rows: object[], catalogue: object[] = [json(1), json(2), json(3)], nextLink = '') {
  const asked: string[] = [];
  const sent: unknown[] = [];
  const webAPI: Partial<WebApi> = {
    retrieveMultipleRecords: (table, options = '') => {
      if (table !== 'cosell_solution') return Promise.resolve({ entities: rows, nextLink: '' });
      asked.push(/contains\(cosell_name,'([^']*)'\)/.exec(options)?.[1] ?? '');
      return Promise.resolve({ entities: catalogue, nextLink });
    },
    createRecord: (table, data) => {
      sent.push(['create', data]);
      return Promise.resolve({ id: `row-${String(sent.length)}`, entityType: table });
    },
    updateRecord: (table, id, data) => {
      sent.push(['update', id, data]);
      return Promise.resolve({ id, entityType: table });
    },
    deleteRecord: (table, id) => {
      sent.push(['delete', id]);
      return Promise.resolve({ id, entityType: table });
    },
  };
  return { webAPI, asked, sent };
}

const open = (setting: Setting) => renderControl(SolutionPicker, contextFor(setting));
/** Timers, and the answers that they lead to. */
const pass = async (milliseconds = 0): Promise<void> => {
  for (let turn = 0; turn < 4; turn++) {
    await act(async () => {
      jest.advanceTimersByTime(turn === 0 ? milliseconds : 0);
      for (let step = 0; step < 30; step++) await Promise.resolve();
    });
  }
};
const box = () => screen.getByRole('combobox');
const rowsShown = (): string[] =>
  screen
    .queryAllByRole('listitem')
    .map((item) => item.firstElementChild?.firstElementChild?.firstChild?.textContent ?? '');
const optionTexts = (): string[] => screen.queryAllByRole('option').map((option) => option.textContent ?? '');
const press = (key: string, more: object = {}) => fireEvent.keyDown(box(), { key, ...more });
const type = (text: string) => fireEvent.change(box(), { target: { value: text } });

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('searching', () => {
  test('asks nothing before the field is opened, then shows the first page at once', async () => {
    const { webAPI, asked } = server([]);
    open({ webAPI });
    fireEvent.focus(box());
    await pass(1000);
    expect(asked).toEqual([]);
    fireEvent.click(box());
    await pass();
    expect(asked).toEqual(['']);
    expect(optionTexts()).toEqual([
      'Solution 1Solution · Contoso',
      'Solution 2Solution · Contoso',
      'Solution 3Solution · Contoso',
    ]);
    expect(screen.getByText('Solutions found: 3')).toBeTruthy();
  });

  test('one question per pause in typing, and none after the list is closed', async () => {
    const { webAPI, asked } = server([]);
    open({ webAPI });
    fireEvent.click(box());
    await pass();
    for (const text of ['a', 'az', 'azu']) {
      type(text);
      await pass(100);
    }
    expect(asked).toEqual(['']);
    await pass(250);
    expect(asked).toEqual(['', 'azu']);
    type('azur');
    press('Escape');
    await pass(1000);
    expect(asked).toEqual(['', 'azu']);
    expect(box().getAttribute('aria-expanded')).toBe('false');
  });

  test('emptied and typed in again without a pause, the former words are not asked once more', async () => {
    const { webAPI, asked } = server([]);
    open({ webAPI });
    fireEvent.click(box());
    await pass();
    type('azu');
    await pass(300);
    type('');
    type('n');
    await pass(300);
    expect(asked.filter((one) => one === 'azu')).toHaveLength(1);
    expect(asked.at(-1)).toBe('n');
  });

  test('a late answer to older letters is not shown', async () => {
    const answers: ((value: ComponentFramework.WebApi.RetrieveMultipleResponse) => void)[] = [];
    const webAPI: Partial<WebApi> = { retrieveMultipleRecords: () => new Promise((resolve) => answers.push(resolve)) };
    open({ webAPI });
    type('a');
    await pass(300);
    type('ab');
    await pass(300);
    const last = answers.length - 1;
    answers[last]?.({ entities: [json(2)], nextLink: '' });
    answers[last - 1]?.({ entities: [json(1)], nextLink: '' });
    await pass();
    expect(optionTexts()).toEqual(['Solution 2Solution · Contoso']);
  });

  test('Enter picks the first solution that was found, the arrows go on, and several can be picked', async () => {
    const { webAPI } = server([]);
    const { outputs } = open({ webAPI });
    type('sol');
    await pass(300);
    expect(box().getAttribute('aria-activedescendant')).toBe(screen.getAllByRole('option')[0]?.id);
    press('Enter');
    press('ArrowDown');
    press('Enter');
    expect(rowsShown()).toEqual(['Solution 1', 'Solution 2']);
    expect(screen.getAllByRole('option').map((option) => option.getAttribute('aria-selected'))).toEqual([
      'true',
      'true',
      'false',
    ]);
    expect(outputs[1]).toMatchObject({ solutionCount: 2 });
    expect(screen.getByText('Solutions chosen: 2').getAttribute('role')).toBe('status');
    press('Enter');
    expect(rowsShown()).toEqual(['Solution 1']);
    press('End');
    expect(box().getAttribute('aria-activedescendant')).toBe(screen.getAllByRole('option')[2]?.id);
    press('ArrowDown');
    expect(box().getAttribute('aria-activedescendant')).toBe(screen.getAllByRole('option')[0]?.id);
    press('ArrowUp');
    press('Home');
    expect(box().getAttribute('aria-activedescendant')).toBe(screen.getAllByRole('option')[0]?.id);
  });

  test('Enter picks nothing that was found for the words before', async () => {
    const { webAPI } = server([]);
    open({ webAPI });
    type('sol');
    await pass(300);
    type('solar');
    expect(screen.getByText('Searching…')).toBeTruthy();
    press('Enter');
    expect(rowsShown()).toEqual([]);
    await pass(300);
    press('Enter');
    expect(rowsShown()).toHaveLength(1);
  });

  test('Enter of an input method picks nothing', async () => {
    const { webAPI } = server([]);
    open({ webAPI });
    type('方');
    await pass(300);
    fireEvent.keyDown(box(), { key: 'Enter', isComposing: true });
    expect(rowsShown()).toEqual([]);
  });

  test('Escape closes the list, and once more empties the field', async () => {
    const { webAPI } = server([]);
    open({ webAPI });
    type('sol');
    await pass(300);
    press('Escape');
    expect([(box() as HTMLInputElement).value, screen.queryByRole('listbox')]).toEqual(['sol', null]);
    press('Escape');
    expect((box() as HTMLInputElement).value).toBe('');
  });

  test('Backspace in the empty field removes no solution', () => {
    open({ draft: formatSolutionDraft([{ id: solutionId(1), name: 'A', price: null, quantity: null }]) });
    press('Backspace');
    expect(rowsShown()).toEqual(['A']);
  });

  test('says that there are more, that nothing fits, and what to do about an empty catalogue', async () => {
    const first = open({ webAPI: server([], [json(1)], 'https://next').webAPI });
    fireEvent.click(box());
    await pass();
    expect(screen.getByText('The first 1 solutions are shown. Type more letters to narrow the list.')).toBeTruthy();
    first.destroy();
    const { webAPI } = server([], []);
    open({ webAPI });
    fireEvent.click(box());
    await pass();
    expect(screen.getByText(/^The catalogue is empty\. Ask an administrator/)).toBeTruthy();
    type('zzz');
    await pass(300);
    expect(screen.getByText(/^No solution matches “zzz”/)).toBeTruthy();
  });

  test('that fails says why in the user’s words, and Enter tries again', async () => {
    let fails = true;
    const { webAPI } = server([]);
    const retrieveMultipleRecords: WebApi['retrieveMultipleRecords'] = (...asked) =>
      fails
        ? Promise.reject({ errorCode: 0x80072322, message: 'SECRET' })
        : (webAPI.retrieveMultipleRecords as WebApi['retrieveMultipleRecords'])(...asked);
    open({ webAPI: { ...webAPI, retrieveMultipleRecords } });
    fireEvent.click(box());
    await pass();
    expect(screen.getByText(textOf('kit_error_busy'))).toBeTruthy();
    expect(document.body.textContent).not.toContain('SECRET');
    fails = false;
    press('Enter');
    await pass();
    expect(optionTexts()).toHaveLength(3);
  });

  test('when the most are picked, says so and picks no more', async () => {
    const { webAPI } = server([]);
    open({ webAPI, maxItems: 1 });
    type('sol');
    await pass(300);
    press('Enter');
    expect(screen.getByText(textOf('list_full'))).toBeTruthy();
    press('ArrowDown');
    press('Enter');
    expect(rowsShown()).toEqual(['Solution 1']);
  });
});

describe('the picked solutions', () => {
  const amount = (which: 'Price' | 'Quantity', number = 1) =>
    screen.getByRole('textbox', { name: `${which} Solution ${String(number)}` }) as HTMLInputElement;

  test('are read in one request, shown with type, publisher and amounts in the user’s format', async () => {
    const { webAPI, asked } = server([
      rowJson(1),
      rowJson(2, { cosell_solutionid: json(2, { cosell_active: false }) }),
    ]);
    const { outputs } = open({ recordId: record, webAPI, language: 1053, count: 2 });
    await pass();
    expect(rowsShown()).toEqual(['Solution 1', 'Solution 2']);
    expect(screen.getByRole('textbox', { name: 'Pris Solution 1' })).toHaveProperty('value', '1234,5');
    expect(screen.getAllByText(textOf('solution_inactive', 1053))).toHaveLength(1);
    expect([asked, outputs]).toEqual([[], []]);
  });

  test('a price is written when the field is left, and a text that is no number stays there with its error', async () => {
    const { webAPI, sent } = server([rowJson(1)]);
    open({ recordId: record, webAPI });
    await pass();
    fireEvent.change(amount('Price'), { target: { value: 'abc' } });
    expect(screen.queryByText(/^Enter a number/)).toBeNull();
    fireEvent.blur(amount('Price'));
    expect(screen.getByText('Enter a number from 0 to 100 billion with at most 4 decimals.')).toBeTruthy();
    expect([amount('Price').value, amount('Price').getAttribute('aria-invalid')]).toEqual(['abc', 'true']);
    fireEvent.change(amount('Price'), { target: { value: '7.50' } });
    fireEvent.blur(amount('Price'));
    await pass();
    expect(sent).toEqual([['update', 'row-1', { cosell_price: 7.5 }]]);
    expect([amount('Price').value, amount('Price').getAttribute('aria-invalid')]).toEqual(['7.5', null]);
  });

  test('an edit that still waits is sent when the control goes', async () => {
    const { webAPI, sent } = server([rowJson(1)]);
    const { destroy } = open({ recordId: record, webAPI });
    await pass();
    fireEvent.change(amount('Quantity'), { target: { value: '3' } });
    expect(sent).toEqual([]);
    destroy();
    await pass();
    expect(sent).toEqual([['update', 'row-1', { cosell_quantity: 3 }]]);
  });

  test('after a removal the focus is on the next one, then on the field, and it can be undone', async () => {
    const { webAPI } = server([rowJson(1), rowJson(2)]);
    open({ recordId: record, webAPI });
    await pass();
    fireEvent.click(screen.getByRole('button', { name: 'Remove Solution 1' }));
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Remove Solution 2' }));
    fireEvent.click(screen.getByRole('button', { name: 'Remove Solution 2' }));
    expect(document.activeElement).toBe(box());
    await pass();
    fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
    await pass();
    expect(rowsShown()).toEqual(['Solution 2']);
  });

  test('a removal that is refused brings the solution back with the reason and two ways out', async () => {
    const { webAPI } = server([rowJson(1)]);
    open({ recordId: record, webAPI: { ...webAPI, deleteRecord: () => Promise.reject({ errorCode: 0x80040220 }) } });
    await pass();
    fireEvent.click(screen.getByRole('button', { name: 'Remove Solution 1' }));
    await pass();
    const item = screen.getByRole('listitem');
    expect(within(item).getByRole('alert').textContent).toContain(`Not removed. ${textOf('kit_error_forbidden')}`);
    expect(within(item).getByRole('button', { name: 'Try again' })).toBeTruthy();
    fireEvent.click(within(item).getByRole('button', { name: 'Undo' }));
    expect(within(item).getByRole('alert').textContent).toBe('');
  });

  test('reading that fails is said with a way to try again, and nothing says that none is chosen', async () => {
    const retrieveMultipleRecords = () => Promise.reject({ errorCode: 0x80040216 });
    open({ recordId: record, webAPI: { retrieveMultipleRecords } });
    await pass();
    expect(screen.getByText(textOf('failed_read').replace('{reason}', textOf('kit_error_server')))).toBeTruthy();
    expect([screen.queryByText(textOf('none_chosen')), screen.queryByRole('combobox')]).toEqual([null, null]);
  });

  test('a read-only form shows them without anything to edit', async () => {
    const { webAPI, asked } = server([rowJson(1)]);
    open({ recordId: record, webAPI, disabled: true });
    await pass();
    expect(screen.getByText('Price: 1234.5')).toBeTruthy();
    expect([
      screen.queryByRole('combobox'),
      screen.queryByRole('textbox'),
      screen.queryByRole('button'),
      asked,
    ]).toEqual([null, null, null, []]);
  });

  test('a masked column shows nothing and asks nothing', async () => {
    open({ recordId: record, readable: false });
    await pass();
    expect(screen.getByText(textOf('kit_masked'))).toBeTruthy();
    expect(screen.queryByRole('listitem')).toBeNull();
  });

  test('a draft that can not be read keeps its text on the screen until "Start over"', () => {
    const { outputs } = open({ draft: 'Contoso, 3 pieces' });
    expect([screen.getByText('Contoso, 3 pieces').tagName, screen.queryByRole('combobox')]).toEqual(['DIV', null]);
    fireEvent.click(screen.getByRole('button', { name: 'Start over' }));
    expect(screen.queryByText('Contoso, 3 pieces')).toBeNull();
    expect([outputs, box()]).toEqual([[{ selectionDraft: '', solutionCount: 0 }], expect.anything()]);
  });

  test('more than the most are shown, with how many have to go', () => {
    const picks = [1, 2, 3].map((number) => ({
      id: solutionId(number),
      name: `S${String(number)}`,
      price: null,
      quantity: null,
    }));
    open({ draft: formatSolutionDraft(picks), maxItems: 2 });
    expect(screen.getByText('At most 2 solutions are possible. Solutions to remove: 1')).toBeTruthy();
  });

  test('a count that the person may not write is not given out', async () => {
    const context = contextFor({ webAPI: server([]).webAPI });
    context.parameters.solutionCount = numberProperty(null, { editable: false });
    const { outputs } = renderControl(SolutionPicker, context);
    type('sol');
    await pass(300);
    press('Enter');
    expect(Object.keys(outputs[0] ?? {})).toEqual(['selectionDraft']);
  });

  test('a control that goes before it was shown, or twice, does no harm', () => {
    const control = new SolutionPicker();
    control.destroy();
    control.init(contextFor({}), () => undefined);
    control.updateView(contextFor({ visible: false }));
    control.destroy();
    control.destroy();
    expect(control.getOutputs()).toEqual({});
  });
});

test('every text exists in all languages, says something of its own and keeps its placeholders', () => {
  const english = textsOf('solution-picker');
  for (const language of [1036, 1053, 1028]) {
    const texts = textsOf('solution-picker', language);
    expect(Object.keys(texts).sort()).toEqual(Object.keys(english).sort());
    for (const [key, text] of Object.entries(texts)) {
      const same = (key === 'type_Name' && language === 1036) || (key === 'amount_shown' && language === 1053);
      expect([key, text === english[key]]).toEqual([key, same]);
      expect([key, (text.match(/\{\w+\}/g) ?? []).sort()]).toEqual([
        key,
        (english[key]?.match(/\{\w+\}/g) ?? []).sort(),
      ]);
    }
  }
});
