import { z } from 'zod';
import {
  appBindingPage,
  appBindingView,
  appCardView,
  appPage,
  appView,
  bindingPage,
  bindingView,
  bindReply,
  callbackPage,
  changeAppReply,
  confirmTotpReply,
  endpointKindsReply,
  endpointOrderReply,
  endpointPage,
  endpointView,
  enrolTotpReply,
  eraseMeReply,
  logInCodeReply,
  meView,
  proofView,
  queuedCallbackReply,
  registerAppReply,
  rolesView,
  rotateSecretReply,
  sessionCheck,
  sessionPage,
  sessionReply,
  staffPage,
  totpView,
  wechatProfile,
} from './auth.replies';
import { authSubjects } from './auth.requests';
import {
  auditPage,
  complaintCase,
  complaintCasePage,
  complaintPage,
  complaintView,
  proposedBanPage,
  standingView,
  upholdReply,
} from './complaints.replies';
import { complaintsSubjects } from './complaints.requests';
import {
  creditsReply,
  endpointTestReply,
  inboxItemMark,
  inboxItemView,
  inboxPage,
  readAllReply,
} from './delivery.replies';
import { deliverySubjects } from './delivery.requests';
import { pushBatchReply, pushReply, pushView } from './intake.replies';
import { intakeSubjects } from './intake.requests';
import { approveReply, heldPage, judgedTexts, rejectReply } from './moderation.replies';
import { moderationSubjects } from './moderation.requests';

const nothing = z.null();
const noFields = z.strictObject({});

type SubjectOf<Subjects extends Readonly<Record<string, string>>> = Subjects[keyof Subjects];
type Subject =
  | SubjectOf<typeof authSubjects>
  | SubjectOf<typeof complaintsSubjects>
  | SubjectOf<typeof deliverySubjects>
  | SubjectOf<typeof intakeSubjects>
  | SubjectOf<typeof moderationSubjects>;

/** The body of the reply to each subject. A new subject does not compile until it is listed here. */
const schemas: Readonly<Record<Subject, z.ZodType>> = {
  [authSubjects.logIn]: sessionReply,
  [authSubjects.sendLogInCode]: logInCodeReply,
  [authSubjects.logInByCode]: sessionReply,
  [authSubjects.refresh]: sessionReply,
  [authSubjects.endSession]: nothing,
  [authSubjects.endOtherSession]: nothing,
  [authSubjects.listSessions]: sessionPage,
  [authSubjects.checkSession]: sessionCheck,
  [authSubjects.getMe]: meView,
  [authSubjects.changeMe]: meView,
  [authSubjects.readWechatProfile]: wechatProfile,
  [authSubjects.getTotp]: totpView,
  [authSubjects.enrolTotp]: enrolTotpReply,
  [authSubjects.confirmTotp]: confirmTotpReply,
  [authSubjects.stepUpSession]: totpView,
  [authSubjects.removeTotp]: totpView,
  [authSubjects.resetTotp]: rolesView,
  [authSubjects.listStaff]: staffPage,
  [authSubjects.eraseMe]: eraseMeReply,
  [authSubjects.grantRole]: rolesView,
  [authSubjects.revokeRole]: rolesView,
  [authSubjects.registerApp]: registerAppReply,
  [authSubjects.listApps]: appPage,
  [authSubjects.getApp]: appView,
  [authSubjects.getAppPublic]: appCardView,
  [authSubjects.getProof]: proofView,
  [authSubjects.proveDomain]: appView,
  [authSubjects.claimMiniProgram]: registerAppReply,
  [authSubjects.offerTransfer]: appView,
  [authSubjects.endTransfer]: nothing,
  [authSubjects.acceptTransfer]: registerAppReply,
  [authSubjects.changeApp]: changeAppReply,
  [authSubjects.rotateSecret]: rotateSecretReply,
  [authSubjects.deleteApp]: nothing,
  [authSubjects.listCallbacks]: callbackPage,
  [authSubjects.testCallback]: queuedCallbackReply,
  [authSubjects.bind]: bindReply,
  [authSubjects.listAppBindings]: appBindingPage,
  [authSubjects.confirmBinding]: appBindingView,
  [authSubjects.refuseBinding]: appBindingView,
  [authSubjects.presentKey]: noFields,
  [authSubjects.listBindings]: bindingPage,
  [authSubjects.getBinding]: bindingView,
  [authSubjects.changeBinding]: bindingView,
  [authSubjects.unbind]: bindingView,
  [authSubjects.block]: bindingView,
  [authSubjects.unblock]: noFields,
  [authSubjects.addEndpoint]: endpointView,
  [authSubjects.verifyEndpoint]: endpointView,
  [authSubjects.renameEndpoint]: endpointView,
  [authSubjects.orderEndpoints]: endpointOrderReply,
  [authSubjects.removeEndpoint]: noFields,
  [authSubjects.listEndpoints]: endpointPage,
  [authSubjects.listEndpointKinds]: endpointKindsReply,
  [intakeSubjects.push]: pushReply,
  [intakeSubjects.pushBatch]: pushBatchReply,
  [intakeSubjects.getPush]: pushView,
  [intakeSubjects.recallPush]: nothing,
  [moderationSubjects.listHeld]: heldPage,
  [moderationSubjects.approve]: approveReply,
  [moderationSubjects.reject]: rejectReply,
  [moderationSubjects.judgeTexts]: judgedTexts,
  [deliverySubjects.listInbox]: inboxPage,
  [deliverySubjects.getInboxItem]: inboxItemView,
  [deliverySubjects.read]: inboxItemMark,
  [deliverySubjects.unread]: inboxItemMark,
  [deliverySubjects.readAll]: readAllReply,
  [deliverySubjects.grantCredits]: creditsReply,
  [deliverySubjects.testEndpoint]: endpointTestReply,
  [complaintsSubjects.complain]: complaintView,
  [complaintsSubjects.listMine]: complaintPage,
  [complaintsSubjects.listQueue]: complaintCasePage,
  [complaintsSubjects.getComplaint]: complaintCase,
  [complaintsSubjects.uphold]: upholdReply,
  [complaintsSubjects.dismiss]: upholdReply,
  [complaintsSubjects.getStanding]: standingView,
  [complaintsSubjects.reinstate]: standingView,
  [complaintsSubjects.listBans]: proposedBanPage,
  [complaintsSubjects.listAudit]: auditPage,
  [complaintsSubjects.confirmBan]: standingView,
  [complaintsSubjects.rejectBan]: standingView,
};

/** The body of the reply to each subject. Subjects that every service answers besides (a rebuild) are not listed. */
export const replySchemas: Readonly<Record<string, z.ZodType>> = schemas;
