import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, listStaffRequest, Page, Reply, StaffView } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { ListQuery, Pages } from '@hark/readmodel';
import { Input, Requires } from '@hark/service';
import { StaffRow } from './staff-rows.projection';

const staff: ListQuery = {
  select: `select * from auth.staff where grants <> '[]' and ($1 = '' or grants @> jsonb_build_array(jsonb_build_object('role', $1::text)))`,
  id: 'user_id',
};

/** Who is operator or admin now, from whom they have it and since when, for admins. */
@Controller()
@Requires('admin')
export class ListStaffHandler {
  constructor(private readonly pages: Pages) {}

  @MessagePattern(authSubjects.listStaff)
  async handle(
    @Input(listStaffRequest) { role, ...asked }: z.infer<typeof listStaffRequest>,
    @Ctx() { request: { position } }: HarkContext,
  ): Promise<Reply<Page<StaffView>>> {
    const { items, nextCursor } = await this.pages.read<StaffRow>(staff, [role ?? ''], { ...asked, position });
    return { body: { items: items.map(viewOf), nextCursor } };
  }
}

const viewOf = ({ user_id: id, grants, second_factor: secondFactor }: StaffRow): StaffView => ({
  id,
  roles: ['user', ...new Set(grants.map(({ role }) => role))],
  grants,
  secondFactor,
});
