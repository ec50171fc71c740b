/**
 * Mistakes that the worker does not make: each is the worker with one place changed. The simulation should find every
 * one within the stated number of worlds; without `known` worlds that has not been shown yet.
 *
 * `find` stands exactly once in its file; a test checks it, so that the list cannot rot.
 */
export interface Change {
  /** Below sync-worker/src. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Mutant extends Change {
  readonly name: string;
  /** A second guard behind the first one, which has to fall too. */
  readonly also?: Change;
  /** What goes wrong with it. */
  readonly why: string;
  /** Worlds within which it must be found. */
  readonly seeds: number;
  /** Worlds that are known to find it, for the short run: one of them must. */
  readonly known: readonly number[];
}

export const mutants: readonly Mutant[] = [
  {
    name: 'no intent before PATCH',
    file: 'carry-out.ts',
    find: 'set: { pending: withIntent(ctx, input, plan, etag), shadow: withBase(link.shadow, plan) }',
    replace: 'set: {}',
    why: "a crash between the PATCH and its commit makes the seller's undo look like an old value",
    seeds: 600,
    known: [7_600_069],
  },
  {
    name: 'no claim before POST',
    file: 'share.ts',
    find: "const claimed = await claim(ctx, link, deal, { step: 'own', at: nowThere(ctx), snapshot, sent: true });",
    replace:
      "const claimed: Link = { ...link, record: deal.ref, pending: { ...link.pending, create: { step: 'own', at: nowThere(ctx), snapshot, sent: true } } };",
    why: 'a crash after the POST leaves a referral that nobody remembers',
    seeds: 300,
    known: [60_006, 60_022],
  },
  {
    name: 'watermark saved early',
    file: 'worker.ts',
    find: 'await this.queue.settled(keys);\n      if (this.queue.owes) return;',
    replace: '',
    why: 'a crash forgets what was read and not yet done',
    seeds: 600,
    known: [8_500_025],
  },
  {
    name: 'shadow saved before the write',
    file: 'carry-out.ts',
    find: 'set: { pending: withIntent(ctx, input, plan, etag), shadow: withBase(link.shadow, plan) }',
    replace: 'set: { pending: withIntent(ctx, input, plan, etag), shadow: plan.shadow }',
    why: 'a PATCH that never arrived passes for delivered',
    seeds: 300,
    known: [60_006, 60_015],
  },
  {
    name: 'no If-Match on the row',
    file: 'crm/prepare.ts',
    find: "headers: { 'If-Match': link.version }",
    replace: "headers: { 'If-Match': '*' }",
    why: 'two workers overwrite what the other one remembered',
    seeds: 600,
    known: [5_000_495],
  },
  {
    name: 'no If-Match on PATCH',
    file: 'partner-center/requests.ts',
    find: "const conditions = { 'If-Match': etag, Prefer: 'return=representation' };",
    replace: "const conditions = { Prefer: 'return=representation' };",
    why: "a colleague's edit in the portal is overwritten unseen",
    seeds: 20,
    known: [60_002],
  },
  {
    name: 'echo not recognised',
    file: 'sides.ts',
    find: 'const had = pcMoved ? sinceArrival(',
    replace: 'const had = pcMoved && sentToPc.length < 0 ? sinceArrival(',
    why: 'our own value, arrived without an answer, passes for an edit of the portal',
    seeds: 600,
    known: [60_091],
  },
  {
    name: 'ambiguous delivery is an ordinary conflict',
    file: 'sides.ts',
    find: 'ambiguous: pcMoved && crmMoved && sentToPc.some((value) => same(value, x)),',
    replace: 'ambiguous: false,',
    why: 'a value typed over a delivered one loses to the older one',
    seeds: 1500,
    known: [5_000_028],
  },
  {
    name: 'lease ignored',
    file: 'connection.ts',
    find: 'if (!free) return false;',
    replace: '',
    why: 'two machines work at once all the time',
    seeds: 300,
    known: [60_002, 60_011],
  },
  {
    name: 'terminal check removed',
    file: 'plan.ts',
    find: "const over = decision.phase === 'closed' || decision.step.kind === 'decline';",
    replace: "const over = decision.step.kind === 'decline';",
    why: 'closed referrals are patched',
    seeds: 100,
    known: [60_010, 60_015],
  },
  {
    name: 'hold ignored',
    file: 'plan.ts',
    find: "decision.phase === 'hold' && !accepting ? 'hold' : 'open';",
    replace: "'open';",
    why: 'a deal that nobody accepted is edited',
    seeds: 300,
    known: [60_002, 60_003],
  },
  {
    name: 'quarantine after a lost POST removed',
    file: 'own-referral.ts',
    find: 'return Number.isNaN(age) || age < quarantineMs;',
    replace: 'return Number.isNaN(age);',
    why: 'a referral that the lists do not show yet is made again',
    seeds: 300,
    known: [8_400_004],
  },
  {
    name: 'posts before the feed was read to its end',
    file: 'steps.ts',
    find: 'if (!ctx.feedComplete)',
    replace: 'if (ctx.feedComplete === null)',
    why: 'a referral that exists already is made again',
    seeds: 1500,
    known: [8_300_799],
  },
  {
    name: 'one-way guards removed',
    file: 'frozen.ts',
    find: "if (rule.frozen === 'oneWay' && !isFirstSetting(rule, before, after)) return 'ONE_WAY';",
    replace: '',
    also: {
      file: 'partner-center/write-changes.ts',
      find: "if (values.visibility === false) throw refused('visibility', 'a visible deal cannot be hidden again');",
      replace: '',
    },
    why: 'a shared deal is switched back to private',
    seeds: 300,
    known: [60_019, 60_068],
  },
  {
    name: 'park hash ignored',
    file: 'share.ts',
    find: 'if (!link.pending.create && isParked(ctx, link, deal, hash)) return',
    replace: 'if (isParked(ctx, link, deal, hash) && hash === null) return',
    why: 'a parked deal is parked again at every look',
    seeds: 200,
    known: [5_000_051],
  },
  {
    name: 'pending list dropped',
    file: 'carry-out.ts',
    find: 'Object.entries(longer(before?.earlier ?? {}, gone))',
    replace: 'Object.entries(longer({}, gone.slice(0, 0)))',
    why: 'the first of two values under way is forgotten when the second is announced',
    seeds: 2000,
    known: [60_888],
  },
  {
    name: 'step over two rows not announced',
    file: 'crm/sequential.ts',
    find: '...(write.begins ? { begun: write.begins } : {}),',
    replace: '',
    why: 'a worker that dies between record and row loses what the seller asked for',
    seeds: 6000,
    known: [7_650_263],
  },
  {
    name: 'snapshot of a create is not its base',
    file: 'created.ts',
    find: "const edited = found && (direction === 'both' || field === 'visibility');",
    replace: 'const edited = found === null;',
    why: 'an edit made while a lost POST was looked for is lost',
    seeds: 600,
    known: [60_247],
  },
  {
    name: 'random id in place of the derived one',
    file: 'inbound.ts',
    find: 'const ref: RecordRef = { type, id: rowKeyOf(referral.id) };',
    replace: 'const ref: RecordRef = { type, id: ctx.token() };',
    why: 'a deal that comes in is made twice',
    seeds: 6000,
    known: [7_690_227],
  },
  {
    name: 'deleted child not noticed',
    file: 'crm/news.ts',
    find: 'if (ref) touch(gathered, ref);',
    replace: 'if (ref) continue;',
    why: 'a solution that the seller took off stays in Partner Center',
    seeds: 200,
    known: [60_119],
  },
  {
    name: 'lost delta token answered by silence',
    file: 'crm/news.ts',
    find: 'if (result.restarted) reset.add(feed.table);',
    replace: '',
    why: 'what changed while the token was lost is never looked at',
    seeds: 1500,
    known: [8_301_501],
  },
  {
    name: 'dirty flag of the queue ignored',
    file: 'queue.ts',
    find: 'entry.dirty = true;',
    replace: 'entry.dirty = false;',
    why: 'an edit that comes while its deal is worked on is not looked at',
    seeds: 600,
    known: [70_013, 70_073],
  },
  {
    name: 'no look for the own referral',
    file: 'own-referral.ts',
    find: 'if (free && !isMicrosofts(referral)',
    replace: "if (free && referral.organizationId === 'nobody'",
    why: 'after the quarantine a lost POST is made again though it had arrived',
    seeds: 600,
    known: [70_008],
  },
  {
    name: 'POST repeated after a network error',
    file: 'partner-center/requests.ts',
    find: "accepted({ ...withBody('POST', root, body), safe: 'once' }, 'create')",
    replace: "accepted({ ...withBody('POST', root, body), safe: 'conditional' }, 'create')",
    why: 'a referral is made twice when its answer is lost',
    seeds: 100,
    known: [70_002],
  },
  {
    name: 'read-only columns are not put back',
    file: 'plan-finish.ts',
    find: 'const shown = shownDifference(want, { ...(link.shadow.shown ?? {}), ...deal.shown });',
    replace: 'const shown = shownDifference(want, { ...deal.shown, ...(link.shadow.shown ?? {}) });',
    why: 'what a seller writes into a column of ours stays there',
    seeds: 300,
    known: [5_000_032],
  },
  {
    name: 'the run after a share sees the record alone',
    file: 'finish-share.ts',
    find: 'if (more) ctx.fresh.doubt(before.key);',
    replace: '',
    also: { file: 'finish-share.ts', find: '...(more ? { due: soon(ctx) } : {}),', replace: '' },
    why: 'a solution that came while the deal was being shared is sent only when somebody touches the deal again',
    seeds: 600,
    known: [7_350_085],
  },
];
