/** An empty module: what is left when there is no server at all. */
export async function answer(request: Request): Promise<Response> {
  const { id } = JSON.parse(await request.text()) as { id: number };
  const content = [{ type: "text", text: "3 results for invoices" }];
  return Response.json({ jsonrpc: "2.0", id, result: { content } });
}
