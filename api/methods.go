package api

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"presage/api/web"
)

// heads answers HEAD as GET without its body, which net/http leaves out
// (RFC 9110, section 9.3.2). Not where GET acts: what looks at a link before
// anybody follows it would use a login up, or note an offer as opened.
func heads(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead && !acts(r.URL.Path) {
			r = r.Clone(r.Context())
			r.Method = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}

func acts(path string) bool {
	return strings.HasPrefix(path, "/login/") || strings.HasPrefix(path, "/b/")
}

// otherMethod answers OPTIONS with what the address takes, and refuses the rest.
// gin has put the methods that it knows into Allow.
func otherMethod(c *gin.Context, site *web.Site) {
	allow := c.Writer.Header().Get("Allow")
	if strings.Contains(allow, http.MethodGet) && !acts(c.Request.URL.Path) {
		allow += ", " + http.MethodHead
	}
	c.Header("Allow", allow+", "+http.MethodOptions)
	if c.Request.Method == http.MethodOptions {
		c.Status(http.StatusNoContent)
		c.Writer.WriteHeaderNow()
		return
	}
	notServed(c, site, http.StatusMethodNotAllowed)
}
