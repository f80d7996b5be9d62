// SPDX-License-Identifier: Apache-2.0
/// Rows as text and bytes for the world outside: the formats of INSERT, FORMAT, HTTP and the log.
package dev.varve.storage.format;
