import { Module, OnModuleDestroy } from '@nestjs/common';
import { ChannelRegistry, Channels, RefusalHolds } from '@hark/channels';
import { Clock } from '@hark/kernel';
import { Outbound } from '@hark/outbound';
import { WechatClient } from '@hark/wechat';
import { AcceptTransferHandler } from './accept-transfer/accept-transfer.handler';
import { NoteTransferReactor } from './accept-transfer/note-transfer.reactor';
import { AddEndpointHandler } from './add-endpoint/add-endpoint.handler';
import { AddressStore } from './address.store';
import { Admins } from './admins.service';
import { Agreements } from './agreements.service';
import { AppStore } from './app.store';
import { AppBindings } from './app-bindings.service';
import { AppNames } from './app-names.read-model';
import { AppSecrets } from './app-secrets.service';
import { ApproveBindingRequestHandler } from './approve-binding-request/approve-binding-request.handler';
import { AuthConfig } from './auth.config';
import { BindAppHandler } from './bind-app/bind-app.handler';
import { BindTargets } from './bind-targets.store';
import { BindingStore } from './binding.store';
import { BindingReplies } from './binding-replies.service';
import { BindingRequestStore } from './binding-request.store';
import { BindingRequests } from './binding-requests.service';
import { BlockAppHandler } from './block-app/block-app.handler';
import { CallbackQueue } from './call-app/callback-queue';
import { CallbackSender } from './call-app/callback-sender';
import { CallbackTurns } from './call-app/callback-turns';
import { QueueCallbackReactor } from './call-app/queue-callback.reactor';
import { QueuePushCallbackReactor } from './call-app/queue-push-callback.reactor';
import { SendCallbackReactor } from './call-app/send-callback.reactor';
import { CallbackStore } from './callback.store';
import { CallbackAddresses } from './callback-addresses.service';
import { ChallengeCounts } from './challenge-counts.service';
import { ChangeAppHandler } from './change-app/change-app.handler';
import { ChangeBindingHandler } from './change-binding/change-binding.handler';
import { ChangeMeHandler } from './change-me/change-me.handler';
import { CheckSessionHandler } from './check-session/check-session.handler';
import { ClaimMiniProgramHandler } from './claim-mini-program/claim-mini-program.handler';
import { ConfirmBindingHandler } from './confirm-binding/confirm-binding.handler';
import { ConfirmTotpHandler } from './confirm-totp/confirm-totp.handler';
import { Confirmations } from './confirmations.service';
import { ConsentTerms } from './consent-terms.service';
import { DecideDeviceLogInHandler } from './decide-device-log-in/decide-device-log-in.handler';
import { DeclineBindingRequestHandler } from './decline-binding-request/decline-binding-request.handler';
import { DeleteAppHandler } from './delete-app/delete-app.handler';
import { EndBindingsReactor } from './delete-app/end-bindings.reactor';
import { DeviceLogInStore } from './device-log-in.store';
import { ChallengeAgainReactor } from './disable-endpoint/challenge-again.reactor';
import { DisableEndpointReactor } from './disable-endpoint/disable-endpoint.reactor';
import { NoteProofReactor } from './disable-endpoint/note-proof.reactor';
import { DisplayNames } from './display-names.service';
import { DomainProofs } from './domain-proofs.service';
import { EndOtherSessionHandler } from './end-other-session/end-other-session.handler';
import { EndSessionHandler } from './end-session/end-session.handler';
import { EndTransferHandler } from './end-transfer/end-transfer.handler';
import { EndpointReplies } from './endpoint-replies.service';
import { EnrolTotpHandler } from './enrol-totp/enrol-totp.handler';
import { EraseMeHandler } from './erase-me/erase-me.handler';
import { ErasePersonReactor } from './erase-me/erase-person.reactor';
import { ErasedKeys } from './erase-me/erased-keys.service';
import { Farewell } from './erase-me/farewell';
import { ExchangeCodeHandler } from './exchange-code/exchange-code.handler';
import { ExportMeHandler } from './export-me/export-me.handler';
import { FindAppsHandler } from './find-apps/find-apps.handler';
import { FindUserHandler } from './find-user/find-user.handler';
import { GetAppHandler } from './get-app/get-app.handler';
import { GetAppPublicHandler } from './get-app-public/get-app-public.handler';
import { GetBindingHandler } from './get-binding/get-binding.handler';
import { GetBindingRequestHandler } from './get-binding-request/get-binding-request.handler';
import { GetDeviceLogInHandler } from './get-device-log-in/get-device-log-in.handler';
import { GetMeHandler } from './get-me/get-me.handler';
import { GetProofHandler } from './get-proof/get-proof.handler';
import { GetReceiptHandler } from './get-receipt/get-receipt.handler';
import { GetTermsHandler } from './get-terms/get-terms.handler';
import { GetTotpHandler } from './get-totp/get-totp.handler';
import { GrantRoleHandler } from './grant-role/grant-role.handler';
import { Identities } from './identities.service';
import { IdentityStore } from './identity.store';
import { Languages } from './languages.store';
import { ListAppBindingsHandler } from './list-app-bindings/list-app-bindings.handler';
import { ListAppsHandler } from './list-apps/list-apps.handler';
import { ListBindingsHandler } from './list-bindings/list-bindings.handler';
import { ListCallbacksHandler } from './list-callbacks/list-callbacks.handler';
import { ListEndpointKindsHandler } from './list-endpoint-kinds/list-endpoint-kinds.handler';
import { ListEndpointsHandler } from './list-endpoints/list-endpoints.handler';
import { ListReceiptKeysHandler } from './list-receipt-keys/list-receipt-keys.handler';
import { ListSessionsHandler } from './list-sessions/list-sessions.handler';
import { ListStaffHandler } from './list-staff/list-staff.handler';
import { LogInStore } from './log-in.store';
import { LogInHandler } from './log-in/log-in.handler';
import { LogInByCodeHandler } from './log-in-by-code/log-in-by-code.handler';
import { SendLogInCodeHandler } from './log-in-by-code/send-log-in-code.handler';
import { SendLogInCodeReactor } from './log-in-by-code/send-log-in-code.reactor';
import { LogInByDeviceHandler } from './log-in-by-device/log-in-by-device.handler';
import { Polls } from './log-in-by-device/polls';
import { MuteByLinkHandler } from './mute-by-link/mute-by-link.handler';
import { NoteTroubleReactor } from './note-trouble/note-trouble.reactor';
import { OfferTransferHandler } from './offer-transfer/offer-transfer.handler';
import { OpenBindingRequestHandler } from './open-binding-request/open-binding-request.handler';
import { OpenDeviceLogInHandler } from './open-device-log-in/open-device-log-in.handler';
import { OpenidStore } from './openid.store';
import { OrderEndpointsHandler } from './order-endpoints/order-endpoints.handler';
import { PresentKeyHandler } from './present-key/present-key.handler';
import { ProveDomainHandler } from './prove-domain/prove-domain.handler';
import { ReadWechatProfileHandler } from './read-wechat-profile/read-wechat-profile.handler';
import { ReceiptKeyStore } from './receipt-key.store';
import { ReceiptSigning } from './receipt-signing.service';
import { RefreshSessionHandler } from './refresh-session/refresh-session.handler';
import { RefuseBindingHandler } from './refuse-binding/refuse-binding.handler';
import { RegisterAppHandler } from './register-app/register-app.handler';
import { Registration } from './registration.service';
import { RemoveEndpointHandler } from './remove-endpoint/remove-endpoint.handler';
import { RemoveTotpHandler } from './remove-totp/remove-totp.handler';
import { RenameEndpointHandler } from './rename-endpoint/rename-endpoint.handler';
import { ResetTotpHandler } from './reset-totp/reset-totp.handler';
import { RevokeRoleHandler } from './revoke-role/revoke-role.handler';
import { RotateCallbackSecretHandler } from './rotate-callback-secret/rotate-callback-secret.handler';
import { RotateReceiptKeyHandler } from './rotate-receipt-key/rotate-receipt-key.handler';
import { RotateSecretHandler } from './rotate-secret/rotate-secret.handler';
import { SecondFactors } from './second-factors.service';
import { AuthSchedule } from './send-challenge/auth.schedule';
import { ChallengeSender } from './send-challenge/challenge-sender';
import { ChallengeSlots } from './send-challenge/challenge-slots';
import { ResendChallengeReactor } from './send-challenge/resend-challenge.reactor';
import { SendChallengeReactor } from './send-challenge/send-challenge.reactor';
import { SessionStore } from './session.store';
import { SessionReplies } from './session-replies.service';
import { SessionStarts } from './session-starts.service';
import { Standings } from './standings.store';
import { StepUpSessionHandler } from './step-up-session/step-up-session.handler';
import { TellAppHandler } from './tell-app/tell-app.handler';
import { TestCallbackHandler } from './test-callback/test-callback.handler';
import { TextJudge } from './text-judge.service';
import { TotpViews } from './totp-views.service';
import { NoteNoReactor } from './unbind/note-no.reactor';
import { UnbindHandler } from './unbind/unbind.handler';
import { UnblockAppHandler } from './unblock-app/unblock-app.handler';
import { UserStore } from './user.store';
import { VerifyEndpointHandler } from './verify-endpoint/verify-endpoint.handler';

/** The only place where the service is wired. */
@Module({
  controllers: [
    LogInHandler,
    SendLogInCodeHandler,
    LogInByCodeHandler,
    OpenDeviceLogInHandler,
    GetDeviceLogInHandler,
    DecideDeviceLogInHandler,
    LogInByDeviceHandler,
    RefreshSessionHandler,
    EndSessionHandler,
    EndOtherSessionHandler,
    ListSessionsHandler,
    CheckSessionHandler,
    GetMeHandler,
    ChangeMeHandler,
    ReadWechatProfileHandler,
    GetTotpHandler,
    EnrolTotpHandler,
    ConfirmTotpHandler,
    StepUpSessionHandler,
    RemoveTotpHandler,
    ResetTotpHandler,
    ListStaffHandler,
    FindUserHandler,
    ExportMeHandler,
    EraseMeHandler,
    GrantRoleHandler,
    RevokeRoleHandler,
    RegisterAppHandler,
    ListAppsHandler,
    FindAppsHandler,
    TellAppHandler,
    GetAppHandler,
    GetAppPublicHandler,
    ChangeAppHandler,
    RotateSecretHandler,
    DeleteAppHandler,
    ListCallbacksHandler,
    TestCallbackHandler,
    RotateCallbackSecretHandler,
    GetProofHandler,
    ProveDomainHandler,
    ClaimMiniProgramHandler,
    OfferTransferHandler,
    EndTransferHandler,
    AcceptTransferHandler,
    OpenBindingRequestHandler,
    GetBindingRequestHandler,
    ApproveBindingRequestHandler,
    DeclineBindingRequestHandler,
    ExchangeCodeHandler,
    GetTermsHandler,
    GetReceiptHandler,
    ListReceiptKeysHandler,
    RotateReceiptKeyHandler,
    BindAppHandler,
    ListAppBindingsHandler,
    ConfirmBindingHandler,
    RefuseBindingHandler,
    PresentKeyHandler,
    ListBindingsHandler,
    GetBindingHandler,
    ChangeBindingHandler,
    MuteByLinkHandler,
    UnbindHandler,
    BlockAppHandler,
    UnblockAppHandler,
    AddEndpointHandler,
    VerifyEndpointHandler,
    RenameEndpointHandler,
    OrderEndpointsHandler,
    RemoveEndpointHandler,
    ListEndpointsHandler,
    ListEndpointKindsHandler,
  ],
  providers: [
    AuthConfig,
    UserStore,
    AddressStore,
    ChallengeCounts,
    SessionStore,
    AppStore,
    BindingStore,
    OpenidStore,
    CallbackStore,
    CallbackAddresses,
    DomainProofs,
    Standings,
    BindTargets,
    BindingRequestStore,
    BindingRequests,
    Agreements,
    ReceiptKeyStore,
    ReceiptSigning,
    ConsentTerms,
    AppSecrets,
    Confirmations,
    AppNames,
    TextJudge,
    DisplayNames,
    SessionReplies,
    SessionStarts,
    BindingReplies,
    IdentityStore,
    Identities,
    LogInStore,
    DeviceLogInStore,
    Polls,
    SendLogInCodeReactor,
    Registration,
    Languages,
    Admins,
    SecondFactors,
    TotpViews,
    EndpointReplies,
    ChallengeSlots,
    { provide: RefusalHolds, inject: [Clock], useFactory: (clock: Clock) => new RefusalHolds(clock) },
    ChallengeSender,
    SendChallengeReactor,
    ResendChallengeReactor,
    AuthSchedule,
    DisableEndpointReactor,
    ChallengeAgainReactor,
    NoteProofReactor,
    AppBindings,
    EndBindingsReactor,
    NoteTransferReactor,
    NoteNoReactor,
    ErasePersonReactor,
    Farewell,
    ErasedKeys,
    QueueCallbackReactor,
    QueuePushCallbackReactor,
    SendCallbackReactor,
    CallbackQueue,
    CallbackSender,
    { provide: CallbackTurns, useFactory: () => new CallbackTurns() },
    NoteTroubleReactor,
    Channels,
    { provide: ChannelRegistry, inject: [Channels], useFactory: ({ registry }: Channels) => registry },
    {
      provide: Outbound,
      inject: [AuthConfig],
      useFactory: ({ wechat, proxyUrl }: AuthConfig) => new Outbound({ allowOrigins: [wechat.baseUrl], proxyUrl }),
    },
    {
      provide: WechatClient,
      inject: [AuthConfig, Outbound],
      useFactory: ({ wechat }: AuthConfig, outbound: Outbound) => new WechatClient({ ...wechat, outbound }),
    },
  ],
})
export class AuthModule implements OnModuleDestroy {
  constructor(private readonly outbound: Outbound) {}

  onModuleDestroy(): Promise<void> {
    return this.outbound.close();
  }
}
