// SPDX-License-Identifier: Apache-2.0
/// The engine inside the program that uses it: `jdbc:varve:DIRECTORY` and `jdbc:varve:mem:`.
package dev.varve.server.embedded;
