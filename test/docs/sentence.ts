/** A text of a form as a sentence: n8n's rules forbid a period at the end of a single one. */
export function sentence(text: string): string {
	return text === '' || /[.!?…]$/.test(text) ? text : `${text}.`;
}
