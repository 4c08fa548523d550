package link

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"

	"presage"
)

const couponPurpose = "presage.coupon.v1"

// Coupon is the code of the coupon of an offer: the same whenever it is made,
// and not to be guessed without the key. try tells codes of one offer apart.
func (s *Signer) Coupon(offerID string, try byte) string {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(couponPurpose))
	mac.Write([]byte{try})
	mac.Write([]byte(offerID))
	n := binary.BigEndian.Uint64(mac.Sum(nil))
	const letters = uint64(len(presage.CouponLetters))
	body := make([]byte, 0, presage.CouponLength)
	for range presage.CouponLength - 1 {
		body = append(body, presage.CouponLetters[n%letters])
		n /= letters
	}
	return string(append(body, presage.CouponCheck(string(body))))
}
