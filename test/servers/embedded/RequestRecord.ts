/** What the server keeps of each request, for tests to look at. */
export interface RequestRecord {
	method: string;
	operation: string | undefined;
	bucket: string;
	key: string;
	query: Record<string, string>;
	/** Without `authorization`. */
	headers: Record<string, string | undefined>;
	/** Of the response; 0 until it is sent. */
	status: number;
	bytesReceived: number;
	user: string | undefined;
	/** The client's port: requests with the same one came over one connection. */
	port: number | undefined;
}
