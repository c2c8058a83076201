/** A refusal as terse as that of AWS; the true reason is for the server's log alone. */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		readonly reason: string,
	) {
		super(message);
	}
}

export const denied = (message: string, reason: string = message): Refusal =>
	new Refusal(403, 'AccessDeniedException', message, reason);

export const invalidSignature = (reason: string): Refusal => denied('Invalid signature', reason);

export const notValid = (message: string): Refusal =>
	new Refusal(400, 'ValidationException', message, message);
