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
 * The data of the request as `schema` says it is. A malformed id named in `unknown` is answered like one that does not
 * exist, `not-found` with that code, so that nobody learns from the difference what an id looks like; in the order named,
 * and before the rest of the data is looked at.
 */
export const Input = <S extends z.ZodType>(schema: S, unknown?: UnknownCodes<S>): InputDecorator<z.output<S>> =>
  Payload(new InputPipe(schema, unknown)) as InputDecorator<z.output<S>>;
