/**
 * Fields that travel as `{type, id}` entries of `details.requirements.additionalRequirements.attributes`.
 *
 * CustomerMarketplaceIntent is in Microsoft's sample; the names of the other three are Microsoft's too, but that
 * they stand in this list is UNVERIFIED. Source: Microsoft Learn "Create a referral".
 */
export const attributeTypes = {
  purchaseIntent: 'CustomerMarketplaceIntent',
  partnerRole: 'PartnerRole',
  solutionArea: 'SolutionArea',
  solutionPlay: 'SolutionPlay',
} as const;

export type AttributeField = keyof typeof attributeTypes;

export const attributeFields = Object.keys(attributeTypes) as readonly AttributeField[];

/** JSON-Patch path of the whole list. */
export const attributesPath = '/details/requirements/additionalRequirements/attributes';
