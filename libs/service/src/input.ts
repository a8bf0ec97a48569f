import { Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { InputPipe, UnknownCodes } from './input.pipe';

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
 * The data of the request in the form of `schema`. A malformed id named in `unknown` throws `not-found` with that code,
 * like an unknown one, so that the difference tells nobody what an id looks like. Ids are checked in the order named,
 * before the rest of the data.
 */
export const Input = <S extends z.ZodType>(schema: S, unknown?: UnknownCodes<S>): InputDecorator<z.output<S>> =>
  Payload(new InputPipe(schema, unknown)) as InputDecorator<z.output<S>>;
