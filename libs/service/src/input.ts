import type { PipeTransform } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { parse } from '@hark/contracts';
import { ErrorCode, parseId } from '@hark/kernel';

/** What a malformed id is answered with, by the name of its field. */
type UnknownCodes<S extends z.ZodType> = { readonly [Name in keyof z.output<S>]?: ErrorCode };

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

/** Fits a parameter that takes what the schema gives; on any other it does not compile. */
type InputDecorator<Output> = <Handlers, Name extends keyof Handlers, Index extends number>(
  handlers: Handlers,
  name: Name,
  index: Index & (Output extends ParameterOf<Handlers[Name], Index> ? unknown : never),
) => void;
type ParameterOf<Handler, Index extends number> = Handler extends (...parameters: infer P) => unknown
  ? P[Index]
  : never;

/**
 * The data of the request as `schema` says it is. A malformed id named in `unknown` is answered like one that does not
 * exist, `not-found` with that code, so that nobody learns from the difference what an id looks like; in the order named,
 * and before the rest of the data is looked at.
 */
export const Input = <S extends z.ZodType>(schema: S, unknown?: UnknownCodes<S>): InputDecorator<z.output<S>> =>
  Payload(new InputPipe(schema, unknown)) as InputDecorator<z.output<S>>;
