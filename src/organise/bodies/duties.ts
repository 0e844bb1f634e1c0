/**
 * The closed list of duties (named rights) that a post can carry. Nothing else grants anything: a person may do a duty at
 * a place if a current tenure of theirs carries it there or above. Rooms declare which of these they ask for; a test holds
 * the lists together.
 */
export const duties = [
  'request.enter',
  'request.read',
  'request.contact',
  'request.accept',
  'request.dispatch',
  'request.handle',
  'request.agree',
  'request.extend',
  'request.supervise',
  'request.publish',
  'request.callback',
  'judgement.read',
  'place.edit',
  'place.settings',
  'body.edit',
  'post.appoint',
  'ledger.read',
] as const
export type Duty = (typeof duties)[number]

/** Kinds of body, as in the glossary of the field. */
export const bodyKinds = [
  'subdistrict_office',
  'party_working_committee',
  'district_government',
  'department',
  'residents_committee',
  'villagers_committee',
  'supervision_committee',
  'residents_group',
  'homeowners_committee',
  'property_manager',
  'resident_work_unit',
  'party_organisation',
  'social_organisation',
  'service_centre',
  'service_team',
  'hotline',
  'grid',
] as const
export type BodyKind = (typeof bodyKinds)[number]

export const tenureKinds = ['elected', 'appointed', 'concurrent', 'acting', 'delegated'] as const
export type TenureKind = (typeof tenureKinds)[number]
