import type { IHttpRequestOptions } from 'n8n-workflow';

/** A request as n8n hands it over: its HTTP Request node still uses the options of the `request` library. */
export type RequestOptions = Omit<IHttpRequestOptions, 'body'> & {
	body?: unknown;
	uri?: string;
	form?: Record<string, unknown> | string;
	formData?: unknown;
};
