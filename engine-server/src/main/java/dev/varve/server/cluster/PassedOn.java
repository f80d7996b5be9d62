// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.cluster;

import dev.varve.cluster.replica.ReplicatedCatalog;
import dev.varve.jdbc.wire.Call;
import dev.varve.server.frames.FrameEncoder;
import dev.varve.server.frames.FrameRequests;
import dev.varve.sql.session.Request;
import dev.varve.sql.session.Session;
import dev.varve.sql.session.SqlEngine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/// Runs statements that clients gave to another server of the cluster, which has let them in: as
/// their user, with their settings, here or not at all. Query parameters are `user`, `database`,
/// `query_id`, settings behind `setting_` and values of `{name:Type}` behind `param_`; the body and
/// the answer are the driver's frames. Where this server is not the primary nothing is read of the
/// body, and the status is 409.
final class PassedOn {
  private static final int CONFLICT = 409;

  private final ReplicatedCatalog catalog;
  private final SqlEngine sql;
  private final FrameEncoder encoder;

  PassedOn(ReplicatedCatalog catalog, SqlEngine sql, BufferAllocator allocator) {
    this.catalog = catalog;
    this.sql = sql;
    this.encoder = new FrameEncoder(allocator);
  }

  void run(
      org.eclipse.jetty.server.Request request,
      Fields parameters,
      Response response,
      Callback callback)
      throws IOException {
    // Whoever found a connection closed that it kept could not tell whether a statement began.
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    if (!catalog.isPrimary()) {
      ReplicaDoor.end(response, CONFLICT, "this server is not the primary", callback);
      return;
    }
    String id = parameters.getValue("query_id");
    try (InputStream body = Content.Source.asInputStream(request);
        OutputStream out = Content.Sink.asOutputStream(response)) {
      Call call = FrameRequests.read(body, id, "", starting(ReplicaDoor.SETTING, parameters));
      Request work =
          new Request(
              call.sql(),
              call.parameters(),
              starting(ReplicaDoor.NAMED, parameters),
              call.settings(),
              Optional.ofNullable(call.rows()),
              id);
      encoder.answer(() -> session(parameters), work, out);
      body.skip(Long.MAX_VALUE); // who still sends would not read the answer
    }
    callback.succeeded();
  }

  private Session session(Fields parameters) {
    return sql.openPassedOn(parameters.getValue("user"), parameters.getValue("database"));
  }

  private static Map<String, String> starting(String prefix, Fields parameters) {
    Map<String, String> found = new LinkedHashMap<>();
    for (Fields.Field field : parameters) {
      if (field.getName().startsWith(prefix)) {
        found.put(field.getName().substring(prefix.length()), field.getValue());
      }
    }
    return found;
  }
}
