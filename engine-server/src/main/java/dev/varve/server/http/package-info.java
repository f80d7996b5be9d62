// SPDX-License-Identifier: Apache-2.0
/// HTTP, as ClickHouse speaks it: queries in, rows out in any format.
package dev.varve.server.http;
