;;; emacs.el --- Drives eglot: findings, their columns, a better sentence, bytes  -*- lexical-binding: t; -*-

(setq package-user-dir "/usr/share/emacs/site-lisp/elpa" make-backup-files nil)
(package-initialize)
(require 'eglot)
(require 'flymake)
(load (expand-file-name "emacs/absolve.el" (getenv "EDITORS")))

(defvar work (file-name-as-directory (getenv "WORK")))
(setcdr (car eglot-server-programs) (list (getenv "ABSOLVE") "lsp"))
(setq eglot-autoreconnect nil eglot-sync-connect 30 eglot-confirm-server-initiated-edits nil)
;; One project: the folder, without asking version control.
(setq project-find-functions (list (lambda (_) (cons 'transient work))))

(defun fail (format &rest arguments)
  (message "%s" (apply #'format format arguments))
  (kill-emacs 1))

(defun wait-for (predicate)
  (let ((end (+ (float-time) 30)))
    (while (and (not (funcall predicate)) (< (float-time) end))
      (accept-process-output nil 0.05))
    (funcall predicate)))

(defun flagged ()
  (mapcar (lambda (it) (buffer-substring-no-properties (flymake-diagnostic-beg it) (flymake-diagnostic-end it)))
          (flymake-diagnostics)))

(defun has (words)
  (lambda () (seq-some (lambda (it) (string-match-p (regexp-quote words) it)) (flagged))))

(defun open (name mode words)
  (find-file (expand-file-name name work))
  (funcall mode)
  (apply #'eglot--connect (eglot--guess-contact))
  (eglot--maybe-activate-editing-mode)
  (flymake-start)
  (unless (wait-for (has words))
    (fail "%s: found %S rather than %s" name (flagged) words)))

(defun open-more (name mode words)
  (find-file (expand-file-name name work))
  (funcall mode)
  (eglot--maybe-activate-editing-mode)
  (flymake-start)
  (unless (wait-for (has words))
    (fail "%s: found %S rather than %s" name (flagged) words)))

(condition-case error
    (progn
      (open "french.md" #'text-mode "pour la gêne")
      (open-more "page.html" #'html-mode "inconvenience")
      (open-more "english.txt" #'text-mode "any inconvenience")
      (goto-char (point-min))
      (search-forward "any inconvenience")
      (let* ((actions (eglot-code-actions (point) (point) nil nil))
             (first (aref (vconcat actions) 0)))
        (unless (equal (plist-get first :kind) "quickfix") (fail "the first action is no quick fix: %S" first))
        (eglot--apply-workspace-edit (plist-get first :edit) nil))
      (save-buffer)
      (let ((bytes (with-temp-buffer
                     (set-buffer-multibyte nil)
                     (insert-file-contents-literally (expand-file-name "english.txt" work))
                     (decode-coding-string (buffer-string) 'utf-8-unix))))
        (unless (string-prefix-p "Hi Léa 😀,\r\n\r\nThank you 👍. " bytes) (fail "what stands before changed: %S" bytes))
        (unless (string-suffix-p " Your parcel left today.\r\n" bytes) (fail "what stands after changed: %S" bytes))
        (when (string-match-p "any inconvenience" bytes) (fail "the sentence is still there: %S" bytes)))
      (let ((server (eglot-current-server)))
        (eglot-shutdown server)
        (when (jsonrpc-running-p server) (fail "the server still runs")))
      (message "ok"))
  (error (fail "%S" error)))
