import type { S3 } from '../client/S3';
import type { ObjectHead } from '../headers/objectHead';
import type { S3Failure } from '../S3Failure';
import { isConflict, noteChecked } from './guards';
import type { Guard } from './guards';

/** What tells one state of an object from the next, even if its bytes are the same. */
type State = Pick<ObjectHead, 'etag' | 'versionId' | 'lastModified'>;

/** Milliseconds after which the next write of an object has another date: servers name whole seconds. */
const SETTLED_AFTER = 2000;

const GUARDS: Readonly<Record<string, Guard>> = {
	PutObject: 'ifMatch',
	CompleteMultipartUpload: 'completion',
};

/**
 * Tells conflicts from the refusals of a server that refuses every condition on an ETag, whichever it is, as OpenStack
 * Swift does when parts are put together: the object stays the same there, and its own ETag is refused.
 */
export class RefusedCondition {
	private state: { head: State; since: number } | undefined;
	/** Whether the object had been the same for long enough when it was last looked at. */
	private isSettled = false;
	private guard: Guard | undefined;

	/** Takes the failure of an attempt to write the object. */
	noteFailure(failure: S3Failure): void {
		// One that may pass says that another write is under way, so that the server does check.
		const isRefusal = isConflict(failure) && !failure.retryable;
		this.guard = isRefusal ? GUARDS[failure.operation ?? ''] : undefined;
	}

	/**
	 * Takes what the object is before each attempt to write it. If the one before was refused and nobody has written
	 * the object meanwhile, the server is known not to check that condition.
	 * @param now milliseconds of a clock that never goes back
	 */
	noteObject(s3: S3, head: State, now = performance.now()): void {
		const { state, isSettled, guard } = this;
		const isSame = state !== undefined && areSame(state.head, head);
		const since = isSame ? state.since : now;
		this.state = { head, since };
		this.isSettled = now - since >= SETTLED_AFTER;
		if (isSame && isSettled && guard !== undefined) noteChecked(s3, guard, false);
	}
}

const areSame = (one: State, other: State): boolean =>
	one.lastModified !== undefined &&
	one.lastModified === other.lastModified &&
	one.etag === other.etag &&
	one.versionId === other.versionId;
