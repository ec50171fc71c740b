/**
 * The two JSON columns of a link row, checked before anything relies on their shape.
 *
 * Admins can edit them, a restore can cut them and another version may have written them. What does not have the
 * shape that the merge works with counts as damaged as a whole: half a memory would be taken for what both sides
 * agreed on. Members that this version does not know are kept. Pure.
 */
import { z } from 'zod';
import type { Pending, Shadow } from '../ports';

const text = z.string();
const texts = z.array(text);
const personShape = z.looseObject({ firstName: text, lastName: text, phone: text, email: text });
const solutionShape = z.looseObject({
  id: text,
  name: text,
  type: text,
  publisher: text,
  price: text.nullish(),
  quantity: text.nullish(),
});
const addressShape = z.looseObject({
  line1: text,
  line2: text,
  city: text,
  state: text,
  postalCode: text,
  country: text,
});

/** Values by field; a field that is not named here is text, as the mapping's other fields are. */
const valueShapes: Readonly<Record<string, z.ZodType>> = {
  dealValue: z.looseObject({ amount: text, currency: text }).nullish(),
  solutions: z.array(solutionShape).nullish(),
  team: z.array(personShape).nullish(),
  contacts: z.array(personShape).nullish(),
  visibility: z.boolean().nullish(),
  consent: z.boolean().nullish(),
  customer: z.looseObject({ name: text, address: addressShape, size: text.nullish(), duns: text }).nullish(),
};
const plainShape = text.nullish();

const isValue = (field: string, value: unknown): boolean => (valueShapes[field] ?? plainShape).safeParse(value).success;

/** One member per field, each checked by its field's own shape. */
function byField<Shape extends z.ZodType>(
  shape: Shape,
  valuesOf: (member: z.infer<Shape>) => readonly unknown[],
): z.ZodType {
  return z
    .record(text, shape)
    .refine((fields) =>
      Object.entries(fields).every(([field, member]) => valuesOf(member).every((value) => isValue(field, value))),
    );
}

const fieldShadow = z.looseObject({
  crm: z.unknown().optional(),
  pc: z.unknown().optional(),
  rewritten: z.looseObject({ wrote: z.unknown().optional(), showed: z.unknown().optional() }).optional(),
  putBack: z.unknown().optional(),
  column: text.optional(),
});
const message = z.looseObject({ text, code: text });

const shadowShape = z.looseObject({
  fields: byField(fieldShadow, ({ crm, pc, rewritten, putBack }) => [
    crm,
    pc,
    putBack,
    rewritten?.wrote,
    rewritten?.showed,
  ]),
  status: text.optional(),
  stage: text.optional(),
  heldAs: text.optional(),
  share: z.boolean().optional(),
  shown: z.record(text, text.nullish()).optional(),
  related: text.optional(),
  children: texts.optional(),
  microsoft: z
    .looseObject({
      referralId: text,
      etag: text,
      status: text,
      substatus: text,
      reason: text,
      notes: text,
      team: z.array(personShape),
      crmId: text,
    })
    .optional(),
  referralUpdatedOn: text.optional(),
  createdOn: text.optional(),
  former: text.optional(),
  refused: texts.optional(),
  answer: z.looseObject({ message, over: message, inputs: text }).optional(),
  outbox: z.looseObject({ notes: z.array(z.looseObject({ id: text, cause: text })), due: text.nullable() }).optional(),
  reminded: z.number().optional(),
  kind: text.optional(),
  direction: text.optional(),
  endedOn: text.optional(),
  personsForgotten: z.boolean().optional(),
});

const valueLists = byField(z.array(z.unknown()), (values) => values);
const snapshotShape = z
  .record(text, z.unknown())
  .refine((values) => Object.entries(values).every(([field, value]) => isValue(field, value)));

const pendingShape = z.looseObject({
  pc: z.looseObject({ etag: text, since: text, fields: valueLists, earlier: valueLists.optional() }).optional(),
  crm: z.looseObject({ fields: valueLists, showed: snapshotShape.optional() }).optional(),
  create: z
    .looseObject({ step: z.enum(['own', 'microsoft']), at: text, snapshot: snapshotShape, sent: z.boolean() })
    .optional(),
  begun: z
    .discriminatedUnion('step', [
      z.looseObject({ step: z.literal('restart'), referral: text.optional() }),
      z.looseObject({ step: z.literal('move'), record: text }),
      z.looseObject({ step: z.literal('switchOn'), values: snapshotShape.optional() }),
      z.looseObject({ step: z.literal('carry'), values: snapshotShape }),
    ])
    .optional(),
});

/** Deeper than anything of ours; what follows values by recursion could not climb a tower. */
const deepest = 30;

/** Undefined: damaged. */
export function readShadow(json: string): Shadow | undefined {
  return read(json, shadowShape) as Shadow | undefined;
}

/** Undefined: damaged. */
export function readPending(json: string): Pending | undefined {
  return read(json, pendingShape) as Pending | undefined;
}

function read(json: string, shape: z.ZodType): unknown {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  // The value as it came, so that a check never changes what is written back.
  return !isDeeper(value, deepest) && shape.safeParse(value).success ? value : undefined;
}

function isDeeper(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return left === 0 || Object.values(value).some((member) => isDeeper(member, left - 1));
}
