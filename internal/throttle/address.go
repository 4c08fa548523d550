package throttle

import "net/netip"

// Source is the address that a caller's failures are counted under: an IPv4
// address itself, also one written as IPv6, and of IPv6 the /64.
func Source(addr netip.Addr) netip.Addr {
	addr = addr.Unmap().WithZone("")
	if !addr.Is6() {
		return addr
	}
	return netip.PrefixFrom(addr, 64).Masked().Addr()
}

// Network is the part of an address that a log keeps: a /24, or the /48 of an
// IPv6 address, says which network it was and not who. "-" is not an address.
func Network(addr netip.Addr) string {
	addr = addr.Unmap().WithZone("")
	bits := 24
	switch {
	case !addr.IsValid():
		return "-"
	case addr.Is6():
		bits = 48
	}
	return netip.PrefixFrom(addr, bits).Masked().String()
}
