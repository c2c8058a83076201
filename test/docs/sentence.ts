/** A text of a form as a sentence: n8n's rules forbid a period at the end of a single one. */
export function sentence(text: string): string {
	return text === '' || /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** The name of a resource as the form shows it. */
export const capitalized = (name: string): string =>
	`${name.charAt(0).toUpperCase()}${name.slice(1)}`;
