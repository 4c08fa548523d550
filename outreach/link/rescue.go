package link

import "strings"

const rescuePath = "/r/"

// RescueURL is the page of the token of a rescue.
func (s *Signer) RescueURL(token string) string { return s.base + rescuePath + token }

// Rescues is the page of our own people on which a rescue is taken.
func (s *Signer) Rescues() string { return s.base + "/rescue" }

// RescueTokenOf cuts the token out of the link to a rescue; "" when it is none.
func RescueTokenOf(url string) string {
	i := strings.LastIndex(url, rescuePath)
	if i < 0 {
		return ""
	}
	return url[i+len(rescuePath):]
}
