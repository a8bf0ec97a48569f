import { Role, UserEvent } from '@hark/contracts';
import { adminsSetting } from '@hark/gate';
import { IsoTime } from '@hark/kernel';
import { FoldProjection } from '@hark/readmodel';

/** A role that somebody has, from whom and since when. */
export interface StaffGrant {
  readonly role: Role;
  /** `HARK_ADMINS`, the setting, or `user:<id>`. */
  readonly by: string;
  readonly at: IsoTime;
}

/** Somebody who has or had a role, or has a second factor. */
export interface StaffRow {
  user_id: string;
  grants: readonly StaffGrant[];
  second_factor: boolean;
  /** The position in the log at which the row was made, by which the list is ordered. A number once it was read back. */
  place: string | number;
}

/** `auth.staff`: one row a person. */
export const staffRows: FoldProjection<StaffRow, UserEvent> = {
  name: 'auth.staff.v1',
  table: 'auth.staff',
  key: ['user_id'],
  categories: ['user'],
  types: ['user.role-granted', 'user.role-revoked', 'user.totp-confirmed', 'user.totp-removed'],
  emptiedBy: { type: 'user.erased', column: 'user_id' },

  keyOf: ({ id }) => ({ user_id: id }),

  evolve(row, { event, id, position }) {
    const staff = row ?? { user_id: id, grants: [], second_factor: false, place: String(position) };
    switch (event.type) {
      case 'user.role-granted':
        return { ...staff, grants: [...staff.grants.filter(unlike(event.data)), event.data] };
      case 'user.role-revoked':
        return { ...staff, grants: staff.grants.filter(unlike(event.data)) };
      case 'user.totp-confirmed':
        return { ...staff, second_factor: true };
      case 'user.totp-removed':
        return { ...staff, second_factor: false };
      default:
        return row;
    }
  },
};

// An admin takes back what any admin gave; the setting what it gave itself.
const unlike =
  ({ role, by }: Pick<StaffGrant, 'role' | 'by'>) =>
  (one: StaffGrant): boolean =>
    one.role !== role || (one.by === adminsSetting) !== (by === adminsSetting);
