import { HarkError } from '@hark/kernel';
import { ArgumentsHost, Catch, ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RouteServer } from './route-server';

const notFound = 404;

/** What fails before a route is reached (no such path, an unreadable body) as a problem document too. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly server: RouteServer) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const unknownPath = error instanceof HttpException && error.getStatus() === notFound;
    const told = unknownPath ? new HarkError('not-found', 'route.unknown', 'no such path') : error;
    this.server.sendProblem(told, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}
