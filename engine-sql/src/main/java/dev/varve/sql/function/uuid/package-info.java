// SPDX-License-Identifier: Apache-2.0
/// Identifiers: UUIDs as bytes and numbers, and the time in UUIDs and snowflakes.
package dev.varve.sql.function.uuid;
