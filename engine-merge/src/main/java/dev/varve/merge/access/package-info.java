// SPDX-License-Identifier: Apache-2.0
/// Who may do what: users and their passwords, roles, grants, row policies, quotas. SQL asks it
/// before it runs a statement, HTTP and the log before they serve a client.
package dev.varve.merge.access;
