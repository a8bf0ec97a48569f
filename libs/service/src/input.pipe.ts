import type { PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { parse } from '@hark/contracts';
import { ErrorCode, parseId } from '@hark/kernel';

/** What a malformed id is answered with, by the name of its field. */
export type UnknownCodes<S extends z.ZodType> = { readonly [Name in keyof z.output<S>]?: ErrorCode };

/** The data of a request by its schema; `request.invalid` names every field that does not fit. */
export class InputPipe<S extends z.ZodType> implements PipeTransform<unknown, z.output<S>> {
  private readonly ids: readonly (readonly [string, ErrorCode])[];

  constructor(
    private readonly schema: S,
    unknown: UnknownCodes<S> = {},
  ) {
    this.ids = Object.entries(unknown) as [string, ErrorCode][];
  }

  transform(data: unknown): z.output<S> {
    for (const [name, code] of this.ids) parseId((data as Readonly<Record<string, unknown>> | null)?.[name], code);
    return parse(this.schema, data);
  }
}
