// Package frame is the wire format of GB/T 32960.3: one frame in bytes, and
// the search for frames in a stream of bytes.
//
//	offset  size  field
//	0       2     start mark: "##" (2016) or "$$" (2025)
//	2       1     command
//	3       1     response flag; 0xFE on a command, 0x01 and above on a response
//	4       17    VIN, ASCII
//	21      1     encryption of the data unit; 0x01 none
//	22      2     length of the data unit, big endian
//	24      n     data unit
//	24+n    1     BCC: exclusive or of everything from the command to here
//
// Layout and codes are those of GB/T 32960.3-2016 tables 2-5 and GB/T
// 32960.3-2025 tables 2-5 as implemented by EMQX's emqx_gbt32960 (its 2025
// parser included) and by the open project rtm_con; the standards themselves
// were not at hand. Both agree on everything here.
//
// What a frame's data unit means is the business of package gbt32960.
package frame
