package api

import (
	"mime"
	"strings"

	"github.com/gin-gonic/gin"
)

// plainAccept takes an Accept header that is not well formed as "anything": huma
// panics at a parameter without a value.
func plainAccept() gin.HandlerFunc {
	return func(c *gin.Context) {
		for part := range strings.SplitSeq(c.GetHeader("Accept"), ",") {
			part = strings.TrimSpace(part)
			if part == "" {
				continue
			}
			if _, _, err := mime.ParseMediaType(part); err != nil {
				c.Request.Header.Set("Accept", "*/*")
				return
			}
		}
	}
}
