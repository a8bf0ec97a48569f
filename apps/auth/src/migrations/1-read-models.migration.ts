import { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of the lists. All rows come from the log, so each can be dropped and rebuilt. */
export class ReadModels1763800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table auth.apps (
        app_id uuid primary key,
        owner_id uuid,
        name text not null,
        name_skeleton text not null,
        description text,
        homepage text,
        wechat_app_id text,
        redirect_uris jsonb not null,
        callback_url text,
        verified boolean not null,
        created_at timestamptz not null
      )`);
    await runner.query('create index apps_of_owner on auth.apps (owner_id, created_at desc, app_id desc)');
    await runner.query('create index apps_verified on auth.apps (name_skeleton) where verified');
    await runner.query(`
      create table auth.bindings (
        binding_id uuid primary key,
        app_id uuid not null,
        person_id uuid not null,
        openid text not null,
        consent_id uuid not null,
        status text not null,
        level text not null,
        muted jsonb,
        channels jsonb,
        bound_at timestamptz not null
      )`);
    await runner.query('create index bindings_of_person on auth.bindings (person_id, bound_at desc, binding_id desc)');
    await runner.query(`
      create table auth.endpoints (
        endpoint_id uuid primary key,
        person_id uuid not null,
        kind text not null,
        address text not null,
        verified boolean not null,
        challenge_expires_at timestamptz,
        added_at timestamptz not null
      )`);
    await runner.query(
      'create index endpoints_of_person on auth.endpoints (person_id, added_at desc, endpoint_id desc)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table auth.endpoints');
    await runner.query('drop table auth.bindings');
    await runner.query('drop table auth.apps');
  }
}
