/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deleting the taps of a request, whoever has descriptors of them. What has not
 * our tag any more, or another name, is not ours, and stays. All of these need
 * the privilege raised.
 */
#ifndef XKVM_NET_NIC_REMOVAL_H
#define XKVM_NET_NIC_REMOVAL_H

#include "nic.h"

/* Deletes the taps of the list that are in its group, in one request. What of
 * that fails is left to nic_delete_tap(). */
void nic_list_delete_group(const struct nic_list *list, struct link_socket *s);

/* Deletes one. Returns 0 if it is ours no more, or -errno. */
must_check int nic_delete_tap(const struct nic *nic, struct link_socket *s);

#endif
