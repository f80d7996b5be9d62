// SPDX-License-Identifier: Apache-2.0
/// The front door of SQL: sessions, statements and their results. HTTP, JDBC and the shell call
/// this and nothing behind it.
package dev.varve.sql.session;
