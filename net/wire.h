/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protocol between xkvm and xkvm-net, version 1. This is its
 * specification, and the only file that the two programs share.
 *
 * Transport
 *
 * xkvm-net speaks on its descriptor 0, a connected SOCK_SEQPACKET Unix socket.
 * One datagram is one message of at most NET_DATAGRAM_MAX bytes, without a
 * terminator. Only answers of xkvm-net carry descriptors. An empty datagram
 * counts as the end of the client's messages, as does the end of file.
 *
 * Messages
 *
 *	message = verb *( " " key "=" value )
 *
 * Exactly one space stands before each key. A value is at least one byte and
 * has no byte below 0x21 and no 0x7f; only the value of `msg`, always the last
 * key, runs to the end of the datagram and may contain spaces. Each key stands
 * at most once; the others may come in any order. Numbers are decimal, with no
 * sign and no leading zero. The names of interfaces and bridges are compared
 * whole: a name that is too long is refused, never cut.
 *
 * Requests
 *
 *	HELLO v=1
 *	ADD bridge=BR [type=linux|ovs] [queues=N] [mac=XX:XX:XX:XX:XX:XX]
 *	    [vm=NAME] [vlan=N] [trunks=A-B:C] [mtu=N] [iface_id=ID]
 *	    [isolated=1] [learning=0] [tap=NAME]
 *	ADD bridge=BR [type=linux|ovs] persist=1 owner=UID
 *	ADD attach=none persist=1 owner=UID
 *	GO
 *	COMMIT [lifeline=1]
 *	GC [dry=1]
 *
 * in this order: one HELLO, 1 to NET_NICS_MAX times ADD, GO, COMMIT; or HELLO
 * and GC. A client need not await an answer before it sends the next message.
 *
 *   ADD     asks for a tap for one NIC of a guest; not answered before GO.
 *   bridge  the bridge that the tap becomes a port of. The tap takes the
 *           bridge's MTU; a Linux bridge keeps its MTU and its MAC.
 *   type    says that it is a Linux bridge, or one of Open vSwitch. Without it
 *           that is found out, and refused where there are both.
 *   queues  1 (default) to NET_QUEUES_MAX. More than one: the tap is
 *           multi-queue.
 *   mac     the MAC that the guest will use (not the tap's own): checked
 *           against the other NICs of the bridge, and noted in the tag.
 *   vm      the guest's name, for the tag.
 *   vlan    1 to 4094: what the guest sends untagged belongs to that VLAN, and
 *           what is of that VLAN comes to it untagged.
 *   trunks  VLANs and ranges of them: they pass tagged. With vlan or trunks,
 *           the tap is in no other VLAN.
 *   mtu     NET_MTU_MIN to NET_MTU_MAX: the tap's, in place of the bridge's.
 *   iface_id
 *           Open vSwitch only: the name by which a controller knows the port
 *           (external_ids:iface-id).
 *   isolated, learning
 *           Linux bridges only: the tap passes nothing to other isolated
 *           ports; the bridge learns no address from it.
 *   tap     the tap's name. It begins with a letter, then come letters, digits,
 *           '.', '_' and '-'. It is not "all" nor "default", nor xk and ten hex
 *           digits, which is the form of the names that xkvm-net makes up, and
 *           no interface and no port of Open vSwitch has it.
 *   persist asks for a tap that outlives its descriptors, for the use of
 *           `owner`. Its name is tapvmN. Granted to root only: both xkvm-net
 *           and its client must be root.
 *   attach  none: no bridge. The tap is brought up and left to its client.
 *   GO      makes all the taps, or none.
 *   COMMIT  the client has the taps. Persistent ones become persistent now.
 *   lifeline
 *           the client keeps its socket for as long as it wants the taps. Once
 *           that is closed, or shut down for writing, all of them are deleted
 *           at once, whoever has their descriptors; then the other end closes.
 *           Nothing is to be sent on it. Not with persist=1.
 *
 *   GC      removes what was left behind when all who should have done so were
 *           killed (gc.h): of any user for a client that is root and not held
 *           to the access list, else of the client only.
 *   dry     says what that is, and removes nothing.
 *
 * Who may ask
 *
 * Where xkvm-net has a privilege that its client lacks, the client is held to
 * the access list: it got one when it was started (AT_SECURE), or its real uid
 * is not the client's (SO_PEERCRED). A client that is root is not held to it,
 * unless it was not root who started an xkvm-net with a file capability. Every
 * ADD is checked before the first tap is made, and before its bridge is looked
 * for: by the name of that, whatever its type, by `vlan`, and by `tap`. An ADD
 * without `vlan`, or with `trunks`, may be in each VLAN.
 *
 * Answers
 *
 *	HELLO v=1
 *	OK if=NAME ifindex=N type=linux|ovs|none mtu=N [port=UUID]
 *	GONE what=tap|port if=NAME [bridge=BR]
 *	ERR code=CODE [nic=I] msg=TEXT
 *	DONE
 *
 *   OK      to GO: one for each ADD, in order, each with the descriptors of
 *           the tap's queues in one SCM_RIGHTS. A tap lives as long as one of
 *           its descriptors is open somewhere, unless it is persistent. With
 *           type=ovs, `port` is the row of Open vSwitch's table Port.
 *   ERR     to any request: nothing was made, or everything is undone; and
 *           xkvm-net has ended. `nic` is the number, from 0, of the ADD at
 *           fault; it is absent where none is. TEXT is one line for a person.
 *   GONE    to GC: one for each tap, and each port of Open vSwitch, that it has
 *           removed, or would. `if` is the tap's name.
 *   DONE    to COMMIT, and to GC when it has come to its end.
 *
 * After ERR, xkvm-net discards what the client has sent beyond the message at
 * fault, so that the answer can be read, but not what it still sends: a client
 * reads the answer before it makes anything of an EPIPE, and reads on after an
 * ECONNRESET.
 *
 * When the client closes its side before COMMIT, xkvm-net deletes all the taps
 * that it made, whoever holds their descriptors, and ends. COMMIT is final.
 *
 * After DONE, a process that nobody has to wait for stays until the taps are
 * gone, and removes what outlives them (guardian.h). Of the client's
 * descriptors it holds none but a lifeline.
 *
 * Exit status of xkvm-net: 0 after DONE, and when the client left before
 * COMMIT; 1 after ERR; 2 where it did not start to speak (a wrong argument, or
 * descriptor 0 is not such a socket), with a message on standard error.
 *
 * Tags
 *
 * The alias (IFLA_IFALIAS) of each tap names who asked for it:
 *
 *	xkvm uid=UID [mac=xx:xx:xx:xx:xx:xx] [vm=NAME] [persist=1]
 *
 * with the client's uid (SO_PEERCRED) and the values of its ADD. One that is
 * persistent and does not say persist=1 was not asked to be.
 */
#ifndef XKVM_NET_WIRE_H
#define XKVM_NET_WIRE_H

#define NET_VERSION 1

#define NET_DATAGRAM_MAX 4096
#define NET_NICS_MAX 128
/* The kernel passes at most this many descriptors in one message. */
#define NET_QUEUES_MAX 253
/* Bytes in the name of an interface: IFNAMSIZ without its terminator. */
#define NET_NAME_MAX 15
/* Bytes in the name of a guest: so that the tag fits into an alias. */
#define NET_VM_MAX 128
/* Bytes in iface_id. */
#define NET_IFACE_ID_MAX 128
/* What a tap can have. */
#define NET_MTU_MIN 68
#define NET_MTU_MAX 65521
#define NET_UUID_LENGTH 36
#define NET_UUID_SIZE (NET_UUID_LENGTH + 1)
/* Bytes in the text of an ERR. */
#define NET_TEXT_MAX 1000

#define NET_HELLO "HELLO"
#define NET_ADD "ADD"
#define NET_GO "GO"
#define NET_COMMIT "COMMIT"
#define NET_GC "GC"
#define NET_OK "OK"
#define NET_ERR "ERR"
#define NET_GONE "GONE"
#define NET_DONE "DONE"

/* The values of `code`. */
#define NET_CODE_PROTO "proto" /* the client broke this protocol */
#define NET_CODE_NOBRIDGE "nobridge" /* no interface has that name */
#define NET_CODE_NOTBRIDGE "notbridge" /* it is something else */
#define NET_CODE_DENIED "denied" /* the privilege for it is missing */
#define NET_CODE_ACL "acl" /* the access list does not allow it */
#define NET_CODE_QUOTA "quota" /* the access list allows fewer */
#define NET_CODE_EXISTS "exists" /* the name is taken, or each tried */
#define NET_CODE_MAC "mac" /* the MAC is in use on that bridge */
#define NET_CODE_LIMIT "limit" /* too many of something */
#define NET_CODE_SYS "sys" /* the kernel said no otherwise */
#define NET_CODE_AMBIGUOUS "ambiguous" /* two bridges have that name */
#define NET_CODE_OPTION "option" /* that bridge cannot do that */
#define NET_CODE_NOOVS "noovs" /* no Open vSwitch runs here */
#define NET_CODE_OVS "ovs" /* Open vSwitch said no, or nothing */

#define NET_TAG "xkvm"

#endif
