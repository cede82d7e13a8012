;;; absolve.el --- Absolve for eglot  -*- lexical-binding: t; -*-

;;; Code:

(require 'eglot)

(add-to-list 'eglot-server-programs
             '((text-mode markdown-mode html-mode mhtml-mode mail-mode message-mode)
               . ("absolve" "lsp")))

(provide 'absolve)
;;; absolve.el ends here
