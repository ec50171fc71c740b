/**
 * The deal as both sides' adapters present it: one vocabulary for opportunity and referral.
 *
 * Types only. Money is a decimal string with an ISO 4217 code, a country is ISO 3166-1 alpha-2,
 * a day is YYYY-MM-DD, so that no adapter's number, locale or time zone leaks into a decision.
 */

/** Amount as a plain decimal string ("48000", "1250.5"); never a float. Currency is ISO 4217 alpha. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** A seller or a customer contact. Empty text means "not given". Identity is the lower-cased e-mail. */
export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string;
  readonly email: string;
}

/** A solution (product) on a deal. Identity is `id`; price and quantity are decimal strings. */
export interface Solution {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly publisher: string;
  readonly price: string | null;
  readonly quantity: string | null;
}

export interface Address {
  readonly line1: string;
  readonly line2: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  /** ISO 3166-1 alpha-2, or the text as found when it is no country (validation reports it). */
  readonly country: string;
}

export interface Customer {
  readonly name: string;
  readonly address: Address;
  /** One of Microsoft's size ranges, or null. */
  readonly size: string | null;
  /** D-U-N-S number, nine digits, or empty. */
  readonly duns: string;
}

/**
 * The values that are kept the same. Every member is optional on purpose: absent means
 * "not looked at", which is not the same as empty (null or ''), and merges as unchanged.
 */
export interface DealValues {
  name?: string;
  dealValue?: Money | null;
  closeDate?: string | null;
  dealNotes?: string;
  /** Percent as text: '10' '20' '40' '60' '80' '100', or null. */
  salesStage?: string | null;
  statusReason?: string;
  solutions?: readonly Solution[];
  /** The partner's own sellers. */
  team?: readonly Person[];
  /** The customer's contacts. */
  contacts?: readonly Person[];
  /** The CRM's record id, `externalReferenceId` on the referral. */
  crmId?: string;
  campaignId?: string;
  /** API code of "How can Microsoft help?", or null for none. */
  helpRequired?: string | null;
  /** Visible to Microsoft's sellers; one way. */
  visibility?: boolean;
  notesToMicrosoft?: string;
  consent?: boolean;
  /** 'Yes' | 'No' | 'HaveNotDecided', or null. */
  purchaseIntent?: string | null;
  coSellType?: string;
  partnerRole?: string;
  solutionArea?: string;
  solutionPlay?: string;
  customer?: Customer | null;
}

export type FieldName = keyof DealValues;
