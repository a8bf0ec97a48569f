import { randomUUID } from 'node:crypto';
import { ClusterInfo, EndPoint, MemberInfo } from '@eventstore/db-client/generated/gossip_pb';
import type { Empty } from '@eventstore/db-client/generated/shared_pb';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { createdTicks, writeUuid } from './codec';

/** Where clients reach this node; only strings with several hosts or `+discover` ask for it. */
export interface Advertised {
  readonly host: string;
  readonly port: number;
}

/** `Gossip.Read`: one live leader. `advertised` is called per request, for the port is known only after binding. */
export function gossip(advertised: () => Advertised): handleUnaryCall<Empty, ClusterInfo> {
  const instanceId = randomUUID();
  return (_call, callback) => {
    const { host, port } = advertised();
    const member = new MemberInfo()
      .setInstanceId(writeUuid(instanceId, 'string'))
      .setTimeStamp(createdTicks(Date.now()))
      .setState(MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(new EndPoint().setAddress(host).setPort(port));
    callback(null, new ClusterInfo().setMembersList([member]));
  };
}
