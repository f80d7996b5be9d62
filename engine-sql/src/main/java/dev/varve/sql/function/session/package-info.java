// SPDX-License-Identifier: Apache-2.0
/// Functions about the server, the batch at hand and the order of rows in it.
package dev.varve.sql.function.session;
