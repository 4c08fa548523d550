package link

import "strings"

const rescuePath = "/r/"

// RescueURL is the page of the token of a rescue.
func (s *Signer) RescueURL(token string) string { return s.base + rescuePath + token }

// RescueTokenOf cuts the token out of the link to a rescue; "" when it is none.
func RescueTokenOf(url string) string {
	i := strings.LastIndex(url, rescuePath)
	if i < 0 {
		return ""
	}
	return url[i+len(rescuePath):]
}
