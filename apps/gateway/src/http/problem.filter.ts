import { ArgumentsHost, Catch, ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RouteServer } from './route-server';

const notFound = 404;

/** Answers failures before a route is reached (no such path, an unreadable body) with a problem document too. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly server: RouteServer) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const unknownPath = error instanceof HttpException && error.getStatus() === notFound;
    this.server.sendProblem(
      unknownPath ? this.server.unknownPath(request) : error,
      request,
      http.getResponse<FastifyReply>(),
    );
  }
}
