// SPDX-License-Identifier: Apache-2.0
/// Remote engines: HTTP/1.1 over our own sockets, because the clients of the JDK either repeat a
/// failed POST by themselves, which would insert rows twice, or cost a thread hop for each buffer.
package dev.varve.jdbc.http;
